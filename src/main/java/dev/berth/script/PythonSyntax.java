package dev.berth.script;

import dev.berth.protocol.Pointing.Offset;
import dev.berth.script.Program.Helper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A program for Python, with Playwright's synchronous API. */
final class PythonSyntax implements Syntax {
    private static final List<Helper> HELPERS = Helper.of("playwright.py");

    @Override
    public String quote(String text) {
        return Quotes.quoted('"', text, each -> String.format(each > 0xffff ? "\\U%08x" : "\\u%04x", each));
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    @Override
    public String call(String on, String method, List<String> arguments, Options options) {
        List<String> all = new ArrayList<>(arguments);
        options.values().forEach((name, value) -> all.add(snake(name) + "=" + value));
        return on + "." + snake(method) + "(" + String.join(", ", all) + ")";
    }

    @Override
    public String member(String on, String name) {
        return on + "." + snake(name);
    }

    @Override
    public String flag(boolean value) {
        return value ? "True" : "False";
    }

    @Override
    public String point(Offset point) {
        return "{\"x\": " + Quotes.number(point.x()) + ", \"y\": " + Quotes.number(point.y()) + "}";
    }

    @Override
    public String regex(String pattern, String flags) {
        return "re.compile(" + quote(pattern) + (flags.contains("i") ? ", re.IGNORECASE" : "") + ")";
    }

    @Override
    public String nothing() {
        return "None";
    }

    @Override
    public String resize(String page, int width, int height) {
        return page + ".set_viewport_size({\"width\": " + width + ", \"height\": " + height + "})";
    }

    @Override
    public String later(String expression) {
        return "lambda: " + expression;
    }

    @Override
    public String statement(String expression) {
        return expression;
    }

    @Override
    public String declare(String page, String expression) {
        return page + " = " + expression;
    }

    @Override
    public List<String> opens(String page, String expression) {
        return List.of("with context.expect_page() as opened:", "    " + expression, page + " = opened.value");
    }

    @Override
    public String remark(String text) {
        return "# " + text;
    }

    @Override
    public String program(Program program, List<String> lines) {
        String body = Helper.indented("    ", lines);
        return """
                # %s
                # Needs Playwright: pip install playwright && playwright install chromium
                # Runs in a browser of Berth where BERTH_CONNECT_URL names it (ws://HOST/connect?token=KEY), else in one of this machine.
                import os
                import re

                from playwright.sync_api import Error, sync_playwright

                berth = os.environ.get("BERTH_CONNECT_URL")

                %s%s
                with sync_playwright() as playwright:
                    browser = playwright.chromium.connect_over_cdp(berth) if berth else playwright.chromium.launch()
                    context = browser.contexts[0] if browser.contexts else browser.new_context()
                    page1 = context.pages[0] if context.pages else context.new_page()
                %s    browser.close()
                """.formatted(program.about(), inputs(program), Helper.used(HELPERS, body), body);
    }

    private String inputs(Program program) {
        return program.inputs().isEmpty()
                ? ""
                : Helper.text(HELPERS, "given")
                        + program.inputs().stream()
                                .map(input -> input.name() + " = given(" + quote(input.name())
                                        + input.value()
                                                .map(value -> ", " + quote(value))
                                                .orElse("") + ")\n")
                                .collect(Collectors.joining());
    }
}
