package dev.berth.script;

import static java.util.Map.entry;

import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.protocol.VerbChoices.ElementState;
import dev.berth.script.PuppeteerScript.PuppeteerElements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Puppeteer's calls for Berth's verbs. */
final class PuppeteerActs {
    private final JavaScriptSyntax syntax = new JavaScriptSyntax();
    private final PuppeteerElements elements = new PuppeteerElements();

    /** The writer of each verb's expression, which takes the name of the page's variable. */
    final Map<String, BiFunction<String, Act, String>> verbs = Map.ofEntries(
            entry("navigate", this::navigate),
            entry("go-back", (page, act) -> page + ".goBack(" + until(act) + ")"),
            entry("go-forward", (page, act) -> page + ".goForward(" + until(act) + ")"),
            entry("reload", (page, act) -> page + ".reload(" + until(act) + ")"),
            entry("click", this::click),
            entry("hover", (page, act) -> held(page, act, elements.locator(page, act.element()) + ".hover()")),
            entry("drag", this::drag),
            entry("type", (page, act) -> on(page, act, ".keyboard") + ".type(" + words(act, "text") + ")"),
            entry("fill", (page, act) -> elements.locator(page, act.element()) + ".fill(" + words(act, "value") + ")"),
            entry("press", this::press),
            entry("select", (page, act) -> "choose(" + handle(page, act) + ", " + allWords(act, "values") + ")"),
            entry("scroll", this::scroll),
            entry("wait-for", this::waitFor),
            entry("upload", (page, act) -> "upload(" + handle(page, act) + ", " + allWords(act, "files") + ")"),
            entry("mouse", this::mouse),
            entry("screenshot", this::screenshot),
            entry("pdf", (page, act) -> page + ".pdf({ path: " + quoted(act, "path") + " })"),
            entry("evaluate", this::evaluate),
            entry(
                    "emulate",
                    (page, act) -> resize(page, act.integer("viewport", "width"), act.integer("viewport", "height"))),
            entry("activate-page", (page, act) -> page + ".bringToFront()"),
            entry("close-page", (page, act) -> page + ".close()"),
            entry("dialogs", this::dialogs));

    private String quoted(Act act, String name) {
        return syntax.quote(act.required(name));
    }

    private String words(Act act, String name) {
        return syntax.words(act.words(name));
    }

    private String allWords(Act act, String name) {
        return syntax.list(act.allWords(name).stream().map(syntax::words).toList());
    }

    private String handle(String page, Act act) {
        return elements.handle(page, act.element());
    }

    /** The element of the act, or else a member of the page. */
    private String on(String page, Act act, String member) {
        return act.target().map(target -> elements.handle(page, target)).orElse(page + member);
    }

    private String until(Act act) {
        return switch (act.until()) {
            case LOAD -> "";
            case DOMCONTENTLOADED -> "{ waitUntil: 'domcontentloaded' }";
            case NETWORKIDLE -> "{ waitUntil: 'networkidle0' }";
        };
    }

    private String navigate(String page, Act act) {
        String until = until(act);
        return page + ".goto(" + words(act, "url") + (until.isEmpty() ? "" : ", " + until) + ")";
    }

    private List<String> button(Act act) {
        List<String> options = new ArrayList<>();
        if (act.button() != MouseButton.LEFT) {
            options.add("button: " + syntax.quote(act.button().wireName()));
        }
        if (act.count() > 1) {
            options.add("count: " + act.count());
        }
        return options;
    }

    private static String braced(List<String> options) {
        return options.isEmpty() ? "" : "{ " + String.join(", ", options) + " }";
    }

    private String held(String page, Act act, String expression) {
        List<String> keys = act.modifiers().stream().map(syntax::quote).toList();
        return keys.isEmpty()
                ? expression
                : "holding(" + page + ", " + syntax.list(keys) + ", async () => " + expression + ")";
    }

    private String click(String page, Act act) {
        List<String> options = button(act);
        act.offset("position").ifPresent(position -> options.add("offset: " + syntax.point(position)));
        return held(page, act, elements.locator(page, act.element()) + ".click(" + braced(options) + ")");
    }

    private String drag(String page, Act act) {
        return "drag(" + page + ", " + handle(page, act) + ", "
                + act.end().map(end -> elements.handle(page, end)).orElse("undefined") + ", " + pair(act.by()) + ")";
    }

    private static String pair(Offset offset) {
        return Quotes.number(offset.x()) + ", " + Quotes.number(offset.y());
    }

    private String press(String page, Act act) {
        return "press(" + page + ", " + quoted(act, "key")
                + act.target()
                        .map(target -> ", " + elements.handle(page, target))
                        .orElse("") + ")";
    }

    private String scroll(String page, Act act) {
        String by = "scrollBy(" + Quotes.number(act.number("x")) + ", " + Quotes.number(act.number("y")) + ")";
        return on(page, act, "") + ".evaluate("
                + (act.target().isPresent()
                        ? "e => { e.scrollIntoView({ block: 'center' }); e." + by + " }"
                        : "() => " + by)
                + ")";
    }

    private String waitFor(String page, Act act) {
        boolean gone = act.state() == ElementState.HIDDEN || act.state() == ElementState.DETACHED;
        String option = act.state() == ElementState.ATTACHED ? "" : gone ? ", { hidden: true }" : ", { visible: true }";
        return elements.frame(page, act.element()) + ".waitForSelector("
                + syntax.quote(PuppeteerElements.selector(act.element().selector().parts().stream()
                        .filter(part -> !part.engine().equals("nth"))
                        .toList()))
                + option + ")";
    }

    private String mouse(String page, Act act) {
        String options = braced(button(act));
        String action = act.required("action");
        return page + ".mouse." + action + "("
                + switch (action) {
                    case "move" -> pair(act.at()) + ", { steps: 5 }";
                    case "down", "up" -> options;
                    case "wheel" ->
                        "{ deltaX: " + Quotes.number(act.number("deltaX")) + ", deltaY: "
                                + Quotes.number(act.number("deltaY")) + " }";
                    default -> pair(act.at()) + (options.isEmpty() ? "" : ", " + options);
                }
                + ")";
    }

    private String screenshot(String page, Act act) {
        return on(page, act, "") + ".screenshot({ path: " + quoted(act, "path")
                + (act.is("fullPage") ? ", fullPage: true" : "") + " })";
    }

    private String evaluate(String page, Act act) {
        return page + ".evaluate(" + syntax.quote(Quotes.expression(act.required("expression"))) + ")";
    }

    String resize(String page, int width, int height) {
        return page + ".setViewport({ width: " + width + ", height: " + height + " })";
    }

    private String dialogs(String page, Act act) {
        return "Object.assign(dialogs, { accept: " + act.is("accept") + ", text: "
                + (act.has("promptText") ? words(act, "promptText") : "undefined") + " });";
    }
}
