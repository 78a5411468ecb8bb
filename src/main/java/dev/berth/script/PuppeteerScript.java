package dev.berth.script;

import dev.berth.protocol.Viewport;
import dev.berth.script.ScriptAct.Appear;
import dev.berth.script.ScriptAct.Open;
import dev.berth.script.ScriptAct.Remark;
import java.util.ArrayList;
import java.util.List;

/** A module for Node, with Puppeteer. */
final class PuppeteerScript {
    private static final List<Helper> HELPERS = Helper.of("puppeteer.mjs");

    private final JavaScriptSyntax syntax = new JavaScriptSyntax();
    private final PuppeteerActs acts = new PuppeteerActs();

    String print(Program program) {
        List<String> lines = new ArrayList<>();
        if (!program.viewport().equals(Viewport.DEFAULT)) {
            lines.add("await " + acts.resize("page1", new ScriptAct.Resize(program.viewport())) + ";");
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
        String page = "page" + step.page();
        String act = step.act().print(acts, page);
        if (step.act() instanceof Remark || step.act() instanceof ScriptAct.Answer) {
            return List.of(act);
        } else if (step.act() instanceof Open || step.act() instanceof Appear) {
            return List.of("const " + page + " = await " + act + ";");
        }
        String whole = act;
        if (step.downloads()) {
            whole = "download(" + page + ", async () => " + whole + ")";
        }
        if (step.follows()) {
            whole = "following(" + page + ", async () => " + whole + ")";
        }
        List<String> lines = new ArrayList<>();
        if (step.opens().isPresent()) {
            lines.add("const page" + step.opens().get() + " = await opening(async () => " + whole + ");");
        } else {
            lines.add("await " + whole + ";");
        }
        step.place().ifPresent(place -> lines.add("await arrived(" + page + ", " + syntax.words(place) + ");"));
        return lines;
    }
}
