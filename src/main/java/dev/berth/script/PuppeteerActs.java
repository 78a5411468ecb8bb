package dev.berth.script;

import dev.berth.protocol.Pointing;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.VerbChoices.ElementState;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.script.PuppeteerScript.PuppeteerElements;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Acts as Puppeteer does them. */
final class PuppeteerActs implements ActPrinter {
    private final JavaScriptSyntax syntax = new JavaScriptSyntax();
    private final PuppeteerElements elements = new PuppeteerElements();

    private String until(WaitUntil until) {
        return switch (until) {
            case LOAD -> "";
            case DOMCONTENTLOADED -> "{ waitUntil: 'domcontentloaded' }";
            case NETWORKIDLE -> "{ waitUntil: 'networkidle0' }";
        };
    }

    @Override
    public String go(String page, ScriptAct.Go act) {
        String until = until(act.until());
        return page + ".goto(" + syntax.words(act.url()) + (until.isEmpty() ? "" : ", " + until) + ")";
    }

    @Override
    public String travel(String page, ScriptAct.Travel act) {
        String method = act.verb().replace("-b", "B").replace("-f", "F");
        return page + "." + method + "(" + until(act.until()) + ")";
    }

    private String options(MouseButton button, int count, Pointing pointing) {
        List<String> options = new ArrayList<>();
        if (button != MouseButton.LEFT) {
            options.add("button: " + syntax.quote(button.wireName()));
        }
        if (count > 1) {
            options.add("count: " + count);
        }
        pointing.position().ifPresent(position -> options.add("offset: " + syntax.point(position)));
        return options.isEmpty() ? "" : "{ " + String.join(", ", options) + " }";
    }

    private String held(String page, Pointing pointing, String act) {
        if (pointing.modifiers().isEmpty()) {
            return act;
        }
        List<String> keys = pointing.modifiers().stream()
                .map(held -> syntax.quote(held.wireName()))
                .toList();
        return "holding(" + page + ", " + syntax.list(keys) + ", async () => " + act + ")";
    }

    @Override
    public String click(String page, ScriptAct.Click act) {
        return held(
                page,
                act.pointing(),
                elements.locator(page, act.target()) + ".click(" + options(act.button(), act.count(), act.pointing())
                        + ")");
    }

    @Override
    public String hover(String page, ScriptAct.Hover act) {
        return held(page, act.pointing(), elements.locator(page, act.target()) + ".hover()");
    }

    @Override
    public String drag(String page, ScriptAct.Drag act) {
        return "drag(" + page + ", " + elements.handle(page, act.target()) + ", "
                + act.to().map(to -> elements.handle(page, to)).orElse("undefined") + ", "
                + Quotes.number(act.by().x()) + ", "
                + Quotes.number(act.by().y()) + ")";
    }

    @Override
    public String type(String page, ScriptAct.Type act) {
        return act.target().map(target -> elements.handle(page, target)).orElse(page + ".keyboard") + ".type("
                + syntax.words(act.text()) + ")";
    }

    @Override
    public String fill(String page, ScriptAct.Fill act) {
        return elements.locator(page, act.target()) + ".fill(" + syntax.words(act.value()) + ")";
    }

    @Override
    public String press(String page, ScriptAct.Press act) {
        return "press(" + page + ", " + syntax.quote(act.key())
                + act.target()
                        .map(target -> ", " + elements.handle(page, target))
                        .orElse("") + ")";
    }

    @Override
    public String choose(String page, ScriptAct.Choose act) {
        return "choose(" + elements.handle(page, act.target()) + ", "
                + syntax.list(act.values().stream().map(syntax::words).toList()) + ")";
    }

    @Override
    public String scroll(String page, ScriptAct.Scroll act) {
        String by = "scrollBy(" + Quotes.number(act.x()) + ", " + Quotes.number(act.y()) + ")";
        return act.target()
                .map(target -> elements.handle(page, target)
                        + ".evaluate(e => { e.scrollIntoView({ block: 'center' }); e." + by + " })")
                .orElse(page + ".evaluate(() => " + by + ")");
    }

    @Override
    public String await(String page, ScriptAct.Await act) {
        boolean gone = act.state() == ElementState.HIDDEN || act.state() == ElementState.DETACHED;
        String option = act.state() == ElementState.ATTACHED ? "" : gone ? ", { hidden: true }" : ", { visible: true }";
        return elements.frame(page, act.target()) + ".waitForSelector("
                + syntax.quote(PuppeteerElements.selector(act.target().selector().parts().stream()
                        .filter(part -> !part.engine().equals("nth"))
                        .toList()))
                + option + ")";
    }

    @Override
    public String upload(String page, ScriptAct.Upload act) {
        return "upload(" + elements.handle(page, act.target()) + ", "
                + syntax.list(act.files().stream().map(syntax::words).toList()) + ")";
    }

    @Override
    public String mouse(String page, ScriptAct.Mouse act) {
        String mouse = page + ".mouse.";
        String at = Quotes.number(act.at().x()) + ", " + Quotes.number(act.at().y());
        String options = options(act.button(), act.count(), Pointing.PLAIN);
        return switch (act.use()) {
            case MOVE -> mouse + "move(" + at + ", { steps: 5 })";
            case DOWN -> mouse + "down(" + options + ")";
            case UP -> mouse + "up(" + options + ")";
            case WHEEL ->
                mouse + "wheel({ deltaX: " + Quotes.number(act.by().x()) + ", deltaY: "
                        + Quotes.number(act.by().y()) + " })";
            case CLICK -> mouse + "click(" + at + (options.isEmpty() ? "" : ", " + options) + ")";
        };
    }

    @Override
    public String picture(String page, ScriptAct.Picture act) {
        return act.target().map(target -> elements.handle(page, target)).orElse(page) + ".screenshot({ path: "
                + syntax.quote(act.file()) + (act.whole() ? ", fullPage: true" : "") + " })";
    }

    @Override
    public String pdf(String page, ScriptAct.Print act) {
        return page + ".pdf({ path: " + syntax.quote(act.file()) + " })";
    }

    @Override
    public String evaluate(String page, ScriptAct.Evaluate act) {
        return page + ".evaluate(" + syntax.quote(Quotes.expression(act.expression())) + ")";
    }

    @Override
    public String resize(String page, ScriptAct.Resize act) {
        return page + ".setViewport({ width: " + act.viewport().width() + ", height: "
                + act.viewport().height() + " })";
    }

    @Override
    public String activate(String page) {
        return page + ".bringToFront()";
    }

    @Override
    public String close(String page) {
        return page + ".close()";
    }

    @Override
    public String answer(ScriptAct.Answer act) {
        return "Object.assign(dialogs, { accept: " + act.accept() + ", text: "
                + act.text().map(syntax::words).orElse("undefined") + " });";
    }

    @Override
    public String open() {
        return "browser.newPage()";
    }

    @Override
    public String appear(List<Integer> known) {
        return "another(" + known.stream().map(number -> "page" + number).collect(Collectors.joining(", ")) + ")";
    }

    @Override
    public String remark(String text) {
        return syntax.remark(Quotes.remark(text));
    }
}
