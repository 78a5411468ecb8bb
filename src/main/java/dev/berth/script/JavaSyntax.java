package dev.berth.script;

import dev.berth.protocol.Pointing.Offset;
import dev.berth.script.Program.Helper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A class for Java 17, with a {@code main} method. */
final class JavaSyntax implements Syntax {
    /** Playwright's enums, which are texts in the other languages. */
    private static final Set<String> ENUMS =
            Set.of("AriaRole", "MouseButton", "KeyboardModifier", "WaitUntilState", "WaitForSelectorState");

    private static final List<Helper> HELPERS = Helper.of("playwright.java");

    /** Octal escapes, as far as they go: Java reads an escape of Unicode before it reads the program. */
    @Override
    public String quote(String text) {
        return Quotes.quoted('"', text, each -> each < 0x100 ? String.format("\\%03o", each) : Quotes.halves(each));
    }

    @Override
    public String call(String on, String method, List<String> arguments, Options options) {
        List<String> all = new ArrayList<>(arguments);
        String set = options.values().entrySet().stream()
                .map(each -> ".set" + each.getKey().substring(0, 1).toUpperCase(Locale.ROOT)
                        + each.getKey().substring(1) + "(" + each.getValue() + ")")
                .collect(Collectors.joining());
        if (!set.isEmpty()) {
            all.add("new " + options.type() + "()" + set);
        }
        return on + "." + (method.equals("goto") ? "navigate" : method) + "(" + String.join(", ", all) + ")";
    }

    @Override
    public String member(String on, String name) {
        return on + "." + name + "()";
    }

    @Override
    public String device(String page, String name) {
        return page + "." + name + "()";
    }

    @Override
    public String choice(String type, String value) {
        return type + "." + value.toUpperCase(Locale.ROOT);
    }

    @Override
    public String point(Offset point) {
        return Quotes.number(point.x()) + ", " + Quotes.number(point.y());
    }

    @Override
    public String regex(String pattern, String flags) {
        return "Pattern.compile(" + quote(pattern) + (flags.contains("i") ? ", Pattern.CASE_INSENSITIVE" : "") + ")";
    }

    @Override
    public String list(List<String> items) {
        boolean constants = items.stream().anyMatch(item -> ENUMS.contains(item.replaceFirst("\\..*", "")));
        return constants
                ? "List.of(" + String.join(", ", items) + ")"
                : "new String[] {" + String.join(", ", items) + "}";
    }

    @Override
    public String path(String text) {
        return "Paths.get(" + text + ")";
    }

    @Override
    public String nothing() {
        return "null";
    }

    @Override
    public String resize(String page, int width, int height) {
        return page + ".setViewportSize(" + width + ", " + height + ")";
    }

    @Override
    public String paths(List<String> paths) {
        return "new Path[] {" + String.join(", ", paths) + "}";
    }

    @Override
    public String later(String expression) {
        return "() -> " + expression;
    }

    @Override
    public String statement(String expression) {
        return expression + ";";
    }

    @Override
    public String declare(String page, String expression) {
        return "Page " + page + " = " + expression + ";";
    }

    @Override
    public List<String> opens(String page, String expression) {
        return List.of("Page " + page + " = context.waitForPage(() -> " + expression + ");");
    }

    @Override
    public String remark(String text) {
        // Java reads escapes of Unicode in comments, too.
        return "// " + text.replace("\\u", "\\ u");
    }

    @Override
    public String program(Program program, List<String> lines) {
        String body = Helper.indented("            ", lines);
        return """
                // %s
                // Needs Playwright: Maven's com.microsoft.playwright:playwright
                // Runs in a browser of Berth where BERTH_CONNECT_URL names it (ws://HOST/connect?token=KEY), else in one of this machine.
                import com.microsoft.playwright.*;
                import com.microsoft.playwright.options.*;
                import java.nio.file.Path;
                import java.nio.file.Paths;
                import java.util.Arrays;
                import java.util.List;
                import java.util.regex.Pattern;

                class Script {
                %s    static final String BERTH = System.getenv("BERTH_CONNECT_URL");
                    static BrowserContext context;

                    public static void main(String[] args) {
                        try (Playwright playwright = Playwright.create()) {
                            Browser browser = BERTH == null
                                    ? playwright.chromium().launch()
                                    : playwright.chromium().connectOverCDP(BERTH);
                            context = browser.contexts().isEmpty() ? browser.newContext() : browser.contexts().get(0);
                            Page page1 = context.pages().isEmpty() ? context.newPage() : context.pages().get(0);
                %s            browser.close();
                        }
                    }
                %s}
                """.formatted(program.about(), inputs(program), body, Helper.used(HELPERS, inputs(program) + body));
    }

    private String inputs(Program program) {
        return program.inputs().stream()
                .map(input -> "    static final String " + input.name() + " = given(" + quote(input.name()) + ", "
                        + input.value().map(this::quote).orElse("null") + ");\n")
                .collect(Collectors.joining());
    }
}
