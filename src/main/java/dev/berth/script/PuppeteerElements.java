package dev.berth.script;

import dev.berth.script.ScriptSelector.How;
import dev.berth.script.ScriptSelector.Part;
import dev.berth.script.ScriptSelector.Wanted;
import java.util.List;
import java.util.stream.Collectors;

/** Puppeteer's selectors of elements. */
final class PuppeteerElements {
    /** Before {@code whole:} and the whole text of the element, or {@code part:} and a part of it. */
    static final String TEXT = "::-p-hasText(";

    private final JavaScriptSyntax syntax = new JavaScriptSyntax();

    /** An expression of a locator, which waits for its element. */
    String locator(String page, ScriptTarget target) {
        String frame = frame(page, target);
        List<Part> parts = target.selector().parts();
        int nth = nth(parts);
        if (nth == parts.size()) {
            return frame + ".locator(" + syntax.quote(selector(parts)) + ")";
        }
        String after =
                nth + 1 < parts.size() ? ", " + syntax.quote(selector(parts.subList(nth + 1, parts.size()))) : "";
        return "(await nth(" + frame + ", " + syntax.quote(selector(parts.subList(0, nth))) + ", "
                + parts.get(nth).value() + after + ")).asLocator()";
    }

    private static int nth(List<Part> parts) {
        for (int i = 1; i < parts.size(); i++) {
            if (parts.get(i).engine().equals("nth")) {
                return i;
            }
        }
        return parts.size();
    }

    String frame(String page, ScriptTarget target) {
        String frame = page;
        for (ScriptSelector each : target.frames()) {
            frame = "(await frameIn(" + frame + ", " + syntax.quote(selector(each.parts())) + "))";
        }
        return frame;
    }

    /** An expression of the element itself. */
    String handle(String page, ScriptTarget target) {
        return "(await " + locator(page, target) + ".waitHandle())";
    }

    static String selector(List<Part> parts) {
        return parts.stream().map(PuppeteerElements::part).collect(Collectors.joining(" >>> "));
    }

    private static String part(Part part) {
        return switch (part.engine()) {
            case "xpath" -> "::-p-xpath(" + part.value() + ")";
            case "testid" -> ">>> [data-testid=" + css(part.value()) + "]";
            case "role" -> role(part);
            case "text" -> text(part.wanted().orElseThrow());
            case "label" -> "::-p-aria([name=" + css(part.wanted().orElseThrow().text()) + "])";
            case "placeholder" -> placeholder(part.wanted().orElseThrow());
            default -> ">>> " + part.value();
        };
    }

    private static String role(Part part) {
        String name =
                part.wanted().map(wanted -> "[name=" + css(wanted.text()) + "]").orElse("");
        return "::-p-aria(" + name + "[role=" + css(part.value()) + "])";
    }

    private static String placeholder(Wanted wanted) {
        return ">>> [placeholder" + (wanted.how() == How.IS ? "=" : "*=") + css(wanted.text())
                + (wanted.how() == How.IS ? "" : " i") + "]";
    }

    /** By a handler of the program's own: Puppeteer's {@code ::-p-text} does not look into what stands in a slot of a shadow root. */
    private static String text(Wanted wanted) {
        return TEXT + css((wanted.how() == How.IS ? "whole:" : "part:") + wanted.text()) + ")";
    }

    private static String css(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
