package dev.berth.script;

import dev.berth.protocol.Device.Viewport;
import dev.berth.script.Program.Helper;
import dev.berth.script.Program.ScriptStep;
import dev.berth.script.ScriptSelector.How;
import dev.berth.script.ScriptSelector.Part;
import dev.berth.script.ScriptSelector.ScriptTarget;
import dev.berth.script.ScriptSelector.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A module for Node, with Puppeteer. */
final class PuppeteerScript implements Script.Printer {
    private static final List<Helper> HELPERS = Helper.of("puppeteer.mjs");

    private final JavaScriptSyntax syntax = new JavaScriptSyntax();
    private final PuppeteerActs acts = new PuppeteerActs();

    @Override
    public Set<String> verbs() {
        return acts.verbs.keySet();
    }

    @Override
    public String print(Program program) {
        List<String> lines = new ArrayList<>();
        Viewport viewport = program.viewport();
        if (!viewport.equals(Viewport.DEFAULT)) {
            lines.add("await " + acts.resize("page1", viewport.width(), viewport.height()) + ";");
        }
        program.steps().forEach(step -> lines.addAll(lines(step)));
        boolean looksForText = lines.stream().anyMatch(line -> line.contains(PuppeteerElements.TEXT));
        if (looksForText) {
            lines.add(0, "hasText();");
        }
        String body = Helper.indented("  ", lines);
        return """
                // %s
                // Needs Puppeteer: npm install puppeteer
                // Runs in a browser of Berth where BERTH_CONNECT_URL names it (ws://HOST/connect?token=KEY), else in one of this machine.
                import puppeteer%s from 'puppeteer';

                %sconst berth = process.env.BERTH_CONNECT_URL;
                const viewport = { width: 1280, height: 720 };
                const browser = berth
                  ? await puppeteer.connect({ browserWSEndpoint: berth, defaultViewport: null })
                  : await puppeteer.launch({ defaultViewport: viewport });
                const dialogs = { accept: false };
                browser.on('targetcreated', async target => ask(await target.page().catch(() => null)));
                try {
                  const page1 = (await browser.pages())[0] ?? await browser.newPage();
                  ask(page1);
                %s} finally {
                  await browser.close();
                }

                /** Puppeteer leaves dialogs open unless they are answered. */
                function ask(page) {
                  if (page && page.listenerCount('dialog') === 0) page.on('dialog', dialog =>
                    dialogs.accept || dialog.type() === 'beforeunload' ? dialog.accept(dialogs.text) : dialog.dismiss());
                }
                %s""".formatted(
                program.about(),
                looksForText ? ", { Puppeteer }" : "",
                syntax.inputs(program),
                body,
                Helper.used(HELPERS, body)
                        + (program.inputs().isEmpty() ? "" : "\n" + Helper.text(JavaScriptSyntax.HELPERS, "given")));
    }

    private List<String> lines(ScriptStep step) {
        String page = ScriptStep.variable(step.page());
        Act act = step.act();
        return switch (act.verb()) {
            case Act.REMARK -> List.of(syntax.remark(Quotes.remark(act.required("text"))));
            case "dialogs" -> List.of(acts.verbs.get(act.verb()).apply(page, act));
            case "open-page" -> List.of(syntax.declare(page, "browser.newPage()"));
            case Act.ANOTHER -> List.of(syntax.declare(page, syntax.helper("another", step.earlierPages())));
            default -> lines(step, page, acts.verbs.get(act.verb()).apply(page, act));
        };
    }

    private List<String> lines(ScriptStep step, String page, String act) {
        String whole = act;
        if (step.downloads()) {
            whole = "download(" + page + ", async () => " + whole + ")";
        }
        if (step.follows()) {
            whole = "following(" + page + ", async () => " + whole + ")";
        }
        List<String> lines = new ArrayList<>();
        if (step.opens().isPresent()) {
            lines.add("const " + ScriptStep.variable(step.opens().get()) + " = await opening(async () => " + whole
                    + ");");
        } else {
            lines.add("await " + whole + ";");
        }
        step.place().ifPresent(place -> lines.add("await arrived(" + page + ", " + syntax.words(place) + ");"));
        return lines;
    }

    /** Puppeteer's selectors of elements. */
    static final class PuppeteerElements {
        /** The handler of selectors that takes {@code whole:} and the text of an element, or {@code part:} and a part of that text. */
        static final String TEXT = "::-p-hasText(";

        private final JavaScriptSyntax syntax = new JavaScriptSyntax();

        /** The expression of a locator, which waits for its element. */
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

        /** The expression of the element itself. */
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
                case "label" ->
                    "::-p-aria([name=" + css(part.wanted().orElseThrow().text()) + "])";
                case "placeholder" -> placeholder(part.wanted().orElseThrow());
                default -> ">>> " + part.value();
            };
        }

        private static String role(Part part) {
            String name = part.wanted()
                    .map(wanted -> "[name=" + css(wanted.text()) + "]")
                    .orElse("");
            return "::-p-aria(" + name + "[role=" + css(part.value()) + "])";
        }

        private static String placeholder(Wanted wanted) {
            return ">>> [placeholder" + (wanted.how() == How.IS ? "=" : "*=") + css(wanted.text())
                    + (wanted.how() == How.IS ? "" : " i") + "]";
        }

        /** The program brings a handler of its own: Puppeteer's {@code ::-p-text} misses the content of a shadow root's slots. */
        private static String text(Wanted wanted) {
            return TEXT + css((wanted.how() == How.IS ? "whole:" : "part:") + wanted.text()) + ")";
        }

        private static String css(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }
}
