package dev.berth.script;

import dev.berth.protocol.Offset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A module for Node. */
final class JavaScriptSyntax implements Syntax {
    static final String GIVEN = """
            /** A value of this program, which the environment may replace. */
            function given(name, value) {
              const given = process.env[name] ?? value;
              if (given === undefined) throw new Error(`set ${name}: the log does not have this value`);
              return given;
            }
            """;

    private static final List<Helper> HELPERS = List.of(
            new Helper("answer", """
                    /** How dialogs are answered from now on. */
                    function answer(accept, text) {
                      context.removeAllListeners('dialog');
                      context.on('dialog', dialog => accept || dialog.type() === 'beforeunload' ? dialog.accept(text) : dialog.dismiss());
                    }
                    """),
            new Helper("download", """
                    /** Does what begins a download, and waits for its end. Berth keeps the file as an artifact of its session. */
                    async function download(page, act) {
                      const started = page.waitForEvent('download');
                      await act().catch(async e => { if (!/download is starting/i.test(e.message)) throw e; });
                      const file = await started;
                      if (berth) await file.failure();
                      else await file.saveAs(file.suggestedFilename());
                    }
                    """),
            new Helper("drag", """
                    /** Drags an element to the middle of another one, or of itself, and so far from there. */
                    async function drag(page, from, to, x, y) {
                      await from.hover();
                      await page.mouse.down();
                      const box = await (to ?? from).boundingBox();
                      await page.mouse.move(box.x + box.width / 2 + x, box.y + box.height / 2 + y, { steps: 20 });
                      await page.mouse.up();
                    }
                    """),
            new Helper("another", """
                    /** The page that the site opened by itself. */
                    async function another(...known) {
                      for (;;) {
                        const page = context.pages().find(each => !known.includes(each));
                        if (page) return page;
                        await context.waitForEvent('page');
                      }
                    }
                    """));

    @Override
    public String quote(String text) {
        return Quotes.quoted('\'', text, Quotes::halves);
    }

    @Override
    public String call(String on, String method, List<String> arguments, Options options) {
        String given = options.values().entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining(", ", "{ ", " }"));
        List<String> all = new ArrayList<>(arguments);
        if (!options.values().isEmpty()) {
            all.add(given);
        }
        return on + "." + method + "(" + String.join(", ", all) + ")";
    }

    @Override
    public String member(String on, String name) {
        return on + "." + name + "()";
    }

    @Override
    public String device(String page, String name) {
        return page + "." + name;
    }

    @Override
    public String choice(String type, String value) {
        return quote(value);
    }

    @Override
    public String flag(boolean value) {
        return String.valueOf(value);
    }

    @Override
    public String point(Offset point) {
        return "{ x: " + Quotes.number(point.x()) + ", y: " + Quotes.number(point.y()) + " }";
    }

    @Override
    public String regex(String pattern, String flags) {
        return "new RegExp(" + quote(pattern) + ", " + quote(flags) + ")";
    }

    @Override
    public String list(List<String> items) {
        return "[" + String.join(", ", items) + "]";
    }

    @Override
    public String path(String text) {
        return text;
    }

    @Override
    public String script(String function) {
        return function;
    }

    @Override
    public String nothing() {
        return "undefined";
    }

    @Override
    public String resize(String page, int width, int height) {
        return page + ".setViewportSize({ width: " + width + ", height: " + height + " })";
    }

    @Override
    public String helper(String name, List<String> arguments) {
        return name.equals("files") ? list(arguments) : name + "(" + String.join(", ", arguments) + ")";
    }

    @Override
    public String later(String expression) {
        return "() => " + expression;
    }

    @Override
    public String statement(String expression) {
        return (expression.startsWith("answer(") ? "" : "await ") + expression + ";";
    }

    @Override
    public String declare(String page, String expression) {
        return "const " + page + " = await " + expression + ";";
    }

    @Override
    public List<String> opens(String page, String expression) {
        return List.of("const [" + page + "] = await Promise.all([context.waitForEvent('page'), " + expression + "]);");
    }

    @Override
    public String remark(String text) {
        return "// " + text;
    }

    @Override
    public String program(Program program, List<String> lines) {
        String body = Helper.indented("  ", lines);
        return """
                // %s
                // Needs Playwright: npm install playwright && npx playwright install chromium
                // Runs in a browser of Berth where BERTH_CONNECT_URL names it (ws://HOST/connect?token=KEY), else in one of this machine.
                import { chromium } from 'playwright';

                %sconst berth = process.env.BERTH_CONNECT_URL;
                const browser = berth ? await chromium.connectOverCDP(berth) : await chromium.launch();
                const context = browser.contexts()[0] ?? await browser.newContext();
                try {
                  const page1 = context.pages()[0] ?? await context.newPage();
                %s} finally {
                  await browser.close();
                }
                %s""".formatted(
                        program.about(),
                        inputs(program),
                        body,
                        Helper.used(HELPERS, body) + (program.inputs().isEmpty() ? "" : "\n" + GIVEN));
    }

    String inputs(Program program) {
        return program.inputs().stream()
                .map(input -> "const " + input.name() + " = given(" + quote(input.name())
                        + input.value().map(value -> ", " + quote(value)).orElse("") + ");\n")
                .collect(Collectors.collectingAndThen(Collectors.joining(), all -> all.isEmpty() ? "" : all + "\n"));
    }
}
