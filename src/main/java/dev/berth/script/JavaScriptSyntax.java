package dev.berth.script;

import dev.berth.protocol.Pointing.Offset;
import dev.berth.script.Program.Helper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A module for Node. */
final class JavaScriptSyntax implements Syntax {
    static final List<Helper> HELPERS = Helper.of("playwright.mjs");

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
    public String point(Offset point) {
        return "{ x: " + Quotes.number(point.x()) + ", y: " + Quotes.number(point.y()) + " }";
    }

    @Override
    public String regex(String pattern, String flags) {
        return "new RegExp(" + quote(pattern) + ", " + quote(flags) + ")";
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
                %s""".formatted(program.about(), inputs(program), body, Helper.used(HELPERS, inputs(program) + body));
    }

    String inputs(Program program) {
        return program.inputs().stream()
                .map(input -> "const " + input.name() + " = given(" + quote(input.name())
                        + input.value().map(value -> ", " + quote(value)).orElse("") + ");\n")
                .collect(Collectors.collectingAndThen(Collectors.joining(), all -> all.isEmpty() ? "" : all + "\n"));
    }
}
