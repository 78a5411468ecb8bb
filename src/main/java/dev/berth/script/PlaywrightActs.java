package dev.berth.script;

import dev.berth.protocol.Pointing;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.script.PlaywrightScript.PlaywrightElements;
import dev.berth.script.Syntax.Options;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Acts as Playwright does them, in any of its languages. */
final class PlaywrightActs implements ActPrinter {
    private final Syntax syntax;
    private final PlaywrightElements elements;

    PlaywrightActs(Syntax syntax) {
        this.syntax = syntax;
        this.elements = new PlaywrightElements(syntax);
    }

    private Options pointing(Options options, Pointing pointing) {
        return options.with(
                        !pointing.modifiers().isEmpty(),
                        "modifiers",
                        syntax.list(pointing.modifiers().stream()
                                .map(held -> syntax.choice("KeyboardModifier", held.wireName()))
                                .toList()))
                .with(
                        pointing.position().isPresent(),
                        "position",
                        pointing.position().map(syntax::point).orElse(""))
                .with(pointing.force(), "force", syntax.flag(true));
    }

    private Options button(Options options, MouseButton button) {
        return options.with(button != MouseButton.LEFT, "button", syntax.choice("MouseButton", button.wireName()));
    }

    private Options until(String type, WaitUntil until) {
        return Options.of(type)
                .with(until != WaitUntil.LOAD, "waitUntil", syntax.choice("WaitUntilState", until.wireName()));
    }

    @Override
    public String go(String page, ScriptAct.Go act) {
        return syntax.call(page, "goto", List.of(syntax.words(act.url())), until("Page.NavigateOptions", act.until()));
    }

    @Override
    public String travel(String page, ScriptAct.Travel act) {
        String method = act.verb().replace("-b", "B").replace("-f", "F");
        String type = method.substring(0, 1).toUpperCase(Locale.ROOT) + method.substring(1);
        return syntax.call(page, method, List.of(), until("Page." + type + "Options", act.until()));
    }

    @Override
    public String click(String page, ScriptAct.Click act) {
        boolean twice = act.count() == 2;
        Options options = Options.of(twice ? "Locator.DblclickOptions" : "Locator.ClickOptions")
                .with(act.count() > 2, "clickCount", String.valueOf(act.count()));
        return syntax.call(
                elements.element(page, act.target()),
                twice ? "dblclick" : "click",
                List.of(),
                pointing(button(options, act.button()), act.pointing()));
    }

    @Override
    public String hover(String page, ScriptAct.Hover act) {
        return syntax.call(
                elements.element(page, act.target()),
                "hover",
                List.of(),
                pointing(Options.of("Locator.HoverOptions"), act.pointing()));
    }

    @Override
    public String drag(String page, ScriptAct.Drag act) {
        return syntax.helper(
                "drag",
                List.of(
                        page,
                        elements.element(page, act.target()),
                        act.to().map(to -> elements.element(page, to)).orElse(syntax.nothing()),
                        Quotes.number(act.by().x()),
                        Quotes.number(act.by().y())));
    }

    @Override
    public String type(String page, ScriptAct.Type act) {
        List<String> text = List.of(syntax.words(act.text()));
        return act.target()
                .map(target -> syntax.call(elements.element(page, target), "pressSequentially", text))
                .orElseGet(() -> syntax.call(syntax.device(page, "keyboard"), "type", text));
    }

    @Override
    public String fill(String page, ScriptAct.Fill act) {
        return syntax.call(elements.element(page, act.target()), "fill", List.of(syntax.words(act.value())));
    }

    @Override
    public String press(String page, ScriptAct.Press act) {
        List<String> key = List.of(syntax.quote(act.key()));
        return act.target()
                .map(target -> syntax.call(elements.element(page, target), "press", key))
                .orElseGet(() -> syntax.call(syntax.device(page, "keyboard"), "press", key));
    }

    @Override
    public String choose(String page, ScriptAct.Choose act) {
        List<String> values = act.values().stream().map(syntax::words).toList();
        return syntax.call(
                elements.element(page, act.target()),
                "selectOption",
                List.of(values.size() == 1 ? values.get(0) : syntax.list(values)));
    }

    @Override
    public String scroll(String page, ScriptAct.Scroll act) {
        String by = "scrollBy(" + Quotes.number(act.x()) + ", " + Quotes.number(act.y()) + ")";
        return act.target()
                .map(target -> syntax.call(
                        elements.element(page, target),
                        "evaluate",
                        List.of(syntax.script("e => { e.scrollIntoView({block: 'center'}); e." + by + " }"))))
                .orElseGet(() -> syntax.call(page, "evaluate", List.of(syntax.quote(by))));
    }

    @Override
    public String await(String page, ScriptAct.Await act) {
        String state = act.state().wireName();
        return syntax.call(
                elements.element(page, act.target(), state.equals("visible")),
                "waitFor",
                List.of(),
                Options.of("Locator.WaitForOptions")
                        .with(!state.equals("visible"), "state", syntax.choice("WaitForSelectorState", state)));
    }

    @Override
    public String upload(String page, ScriptAct.Upload act) {
        return syntax.call(
                elements.element(page, act.target(), false),
                "setInputFiles",
                List.of(act.files().stream()
                        .map(syntax::words)
                        .map(syntax::path)
                        .collect(Collectors.collectingAndThen(Collectors.toList(), this::oneOrMore))));
    }

    private String oneOrMore(List<String> paths) {
        return paths.size() == 1 ? paths.get(0) : syntax.paths(paths);
    }

    @Override
    public String mouse(String page, ScriptAct.Mouse act) {
        String mouse = syntax.device(page, "mouse");
        List<String> at =
                List.of(Quotes.number(act.at().x()), Quotes.number(act.at().y()));
        return switch (act.use()) {
            case MOVE ->
                syntax.call(mouse, "move", at, Options.of("Mouse.MoveOptions").with(true, "steps", "5"));
            case DOWN -> syntax.call(mouse, "down", List.of(), button(Options.of("Mouse.DownOptions"), act.button()));
            case UP -> syntax.call(mouse, "up", List.of(), button(Options.of("Mouse.UpOptions"), act.button()));
            case WHEEL ->
                syntax.call(
                        mouse,
                        "wheel",
                        List.of(
                                Quotes.number(act.by().x()),
                                Quotes.number(act.by().y())));
            case CLICK ->
                syntax.call(
                        mouse,
                        "click",
                        at,
                        button(Options.of("Mouse.ClickOptions"), act.button())
                                .with(act.count() > 1, "clickCount", String.valueOf(act.count())));
        };
    }

    @Override
    public String picture(String page, ScriptAct.Picture act) {
        String path = syntax.path(syntax.quote(act.file()));
        return act.target()
                .map(target -> syntax.call(
                        elements.element(page, target),
                        "screenshot",
                        List.of(),
                        Options.of("Locator.ScreenshotOptions").with(true, "path", path)))
                .orElseGet(() -> syntax.call(
                        page,
                        "screenshot",
                        List.of(),
                        Options.of("Page.ScreenshotOptions")
                                .with(true, "path", path)
                                .with(act.whole(), "fullPage", syntax.flag(true))));
    }

    @Override
    public String pdf(String page, ScriptAct.Print act) {
        String path = syntax.path(syntax.quote(act.file()));
        return syntax.call(page, "pdf", List.of(), Options.of("Page.PdfOptions").with(true, "path", path));
    }

    @Override
    public String evaluate(String page, ScriptAct.Evaluate act) {
        return syntax.call(page, "evaluate", List.of(syntax.quote(Quotes.expression(act.expression()))));
    }

    @Override
    public String resize(String page, ScriptAct.Resize act) {
        return syntax.resize(page, act.viewport().width(), act.viewport().height());
    }

    @Override
    public String activate(String page) {
        return syntax.call(page, "bringToFront", List.of());
    }

    @Override
    public String close(String page) {
        return syntax.call(page, "close", List.of());
    }

    @Override
    public String answer(ScriptAct.Answer act) {
        return syntax.helper(
                "answer",
                List.of(syntax.flag(act.accept()), act.text().map(syntax::words).orElse(syntax.nothing())));
    }

    @Override
    public String open() {
        return syntax.call("context", "newPage", List.of());
    }

    @Override
    public String appear(List<Integer> known) {
        return syntax.helper(
                "another", known.stream().map(number -> "page" + number).toList());
    }

    @Override
    public String remark(String text) {
        return syntax.remark(Quotes.remark(text));
    }
}
