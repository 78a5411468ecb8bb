package dev.berth.script;

import static java.util.Map.entry;

import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.VerbChoices.ElementState;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.script.PlaywrightScript.PlaywrightElements;
import dev.berth.script.Syntax.Options;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/** Playwright's calls for Berth's verbs, in any of its languages. */
final class PlaywrightActs {
    private final Syntax syntax;
    private final PlaywrightElements elements;

    /** The writer of each verb's expression, which takes the name of the page's variable. */
    final Map<String, BiFunction<String, Act, String>> verbs = Map.ofEntries(
            entry("navigate", this::navigate),
            entry("go-back", (page, act) -> travel(page, act, "goBack")),
            entry("go-forward", (page, act) -> travel(page, act, "goForward")),
            entry("reload", (page, act) -> travel(page, act, "reload")),
            entry("click", this::click),
            entry("hover", this::hover),
            entry("drag", this::drag),
            entry("type", (page, act) -> keys(page, act, "pressSequentially", "type", words(act, "text"))),
            entry("fill", (page, act) -> on(page, act, "fill", words(act, "value"))),
            entry("press", (page, act) -> keys(page, act, "press", "press", quoted(act, "key"))),
            entry("select", this::select),
            entry("scroll", this::scroll),
            entry("wait-for", this::waitFor),
            entry("upload", this::upload),
            entry("mouse", this::mouse),
            entry("screenshot", this::screenshot),
            entry("pdf", this::pdf),
            entry("evaluate", this::evaluate),
            entry("emulate", this::emulate),
            entry("activate-page", (page, act) -> bare(page, "bringToFront")),
            entry("close-page", (page, act) -> bare(page, "close")),
            entry("dialogs", this::dialogs));

    PlaywrightActs(Syntax syntax) {
        this.syntax = syntax;
        this.elements = new PlaywrightElements(syntax);
    }

    private String quoted(Act act, String name) {
        return syntax.quote(act.required(name));
    }

    private String words(Act act, String name) {
        return syntax.words(act.words(name));
    }

    private String bare(String page, String method) {
        return syntax.call(page, method, List.of());
    }

    private String on(String page, Act act, String method, String... arguments) {
        return syntax.call(elements.element(page, act.element()), method, List.of(arguments));
    }

    private String on(String page, Act act, String method, Options options) {
        return syntax.call(elements.element(page, act.element()), method, List.of(), options);
    }

    /** A use of the keyboard on the act's element, or else on the element that has the focus. */
    private String keys(String page, Act act, String ofElement, String ofKeyboard, String text) {
        return act.target().isPresent()
                ? on(page, act, ofElement, text)
                : syntax.call(syntax.device(page, "keyboard"), ofKeyboard, List.of(text));
    }

    private Options pointing(Options options, Act act) {
        List<String> held = act.modifiers().stream()
                .map(key -> syntax.choice("KeyboardModifier", key))
                .toList();
        return options.with(!held.isEmpty(), "modifiers", syntax.list(held))
                .with(
                        act.offset("position").isPresent(),
                        "position",
                        act.offset("position").map(syntax::point).orElse(""))
                .with(act.is("force"), "force", syntax.flag(true));
    }

    private Options button(Options options, Act act) {
        return options.with(
                act.button() != MouseButton.LEFT,
                "button",
                syntax.choice("MouseButton", act.button().wireName()));
    }

    private Options until(String type, Act act) {
        return Options.of(type)
                .with(
                        act.until() != WaitUntil.LOAD,
                        "waitUntil",
                        syntax.choice("WaitUntilState", act.until().wireName()));
    }

    private String navigate(String page, Act act) {
        return syntax.call(page, "goto", List.of(words(act, "url")), until("Page.NavigateOptions", act));
    }

    private String travel(String page, Act act, String method) {
        String type = method.substring(0, 1).toUpperCase(Locale.ROOT) + method.substring(1);
        return syntax.call(page, method, List.of(), until("Page." + type + "Options", act));
    }

    private String click(String page, Act act) {
        boolean twice = act.count() == 2;
        Options options = Options.of(twice ? "Locator.DblclickOptions" : "Locator.ClickOptions")
                .with(act.count() > 2, "clickCount", String.valueOf(act.count()));
        return on(page, act, twice ? "dblclick" : "click", pointing(button(options, act), act));
    }

    private String hover(String page, Act act) {
        return on(page, act, "hover", pointing(Options.of("Locator.HoverOptions"), act));
    }

    private String drag(String page, Act act) {
        return syntax.helper(
                "drag",
                List.of(
                        page,
                        elements.element(page, act.element()),
                        act.end().map(end -> elements.element(page, end)).orElse(syntax.nothing()),
                        Quotes.number(act.by().x()),
                        Quotes.number(act.by().y())));
    }

    private String select(String page, Act act) {
        List<String> values = act.allWords("values").stream().map(syntax::words).toList();
        return on(page, act, "selectOption", values.size() == 1 ? values.get(0) : syntax.list(values));
    }

    private String scroll(String page, Act act) {
        String by = "scrollBy(" + Quotes.number(act.number("x")) + ", " + Quotes.number(act.number("y")) + ")";
        return act.target().isPresent()
                ? on(page, act, "evaluate", syntax.script("e => { e.scrollIntoView({block: 'center'}); e." + by + " }"))
                : syntax.call(page, "evaluate", List.of(syntax.quote(by)));
    }

    private String waitFor(String page, Act act) {
        boolean visible = act.state() == ElementState.VISIBLE;
        String state = syntax.choice("WaitForSelectorState", act.state().wireName());
        return syntax.call(
                elements.element(page, act.element(), visible),
                "waitFor",
                List.of(),
                Options.of("Locator.WaitForOptions").with(!visible, "state", state));
    }

    private String upload(String page, Act act) {
        List<String> paths = act.allWords("files").stream()
                .map(syntax::words)
                .map(syntax::path)
                .toList();
        return syntax.call(
                elements.element(page, act.element(), false),
                "setInputFiles",
                List.of(paths.size() == 1 ? paths.get(0) : syntax.paths(paths)));
    }

    private String mouse(String page, Act act) {
        String mouse = syntax.device(page, "mouse");
        String action = act.required("action");
        List<String> at =
                List.of(Quotes.number(act.at().x()), Quotes.number(act.at().y()));
        List<String> turn = List.of(Quotes.number(act.number("deltaX")), Quotes.number(act.number("deltaY")));
        return switch (action) {
            case "move" ->
                syntax.call(mouse, action, at, Options.of("Mouse.MoveOptions").with(true, "steps", "5"));
            case "down" -> syntax.call(mouse, action, List.of(), button(Options.of("Mouse.DownOptions"), act));
            case "up" -> syntax.call(mouse, action, List.of(), button(Options.of("Mouse.UpOptions"), act));
            case "wheel" -> syntax.call(mouse, action, turn);
            default ->
                syntax.call(
                        mouse,
                        action,
                        at,
                        button(Options.of("Mouse.ClickOptions"), act)
                                .with(act.count() > 1, "clickCount", String.valueOf(act.count())));
        };
    }

    private Options path(String type, Act act) {
        return Options.of(type).with(true, "path", syntax.path(quoted(act, "path")));
    }

    private String screenshot(String page, Act act) {
        return act.target().isPresent()
                ? on(page, act, "screenshot", path("Locator.ScreenshotOptions", act))
                : syntax.call(
                        page,
                        "screenshot",
                        List.of(),
                        path("Page.ScreenshotOptions", act).with(act.is("fullPage"), "fullPage", syntax.flag(true)));
    }

    private String pdf(String page, Act act) {
        return syntax.call(page, "pdf", List.of(), path("Page.PdfOptions", act));
    }

    private String evaluate(String page, Act act) {
        String expression = Quotes.expression(act.required("expression"));
        return syntax.call(page, "evaluate", List.of(syntax.quote(expression)));
    }

    private String emulate(String page, Act act) {
        return syntax.resize(page, act.integer("viewport", "width"), act.integer("viewport", "height"));
    }

    private String dialogs(String page, Act act) {
        return syntax.helper(
                "answer",
                List.of(
                        syntax.flag(act.is("accept")),
                        act.has("promptText") ? words(act, "promptText") : syntax.nothing()));
    }
}
