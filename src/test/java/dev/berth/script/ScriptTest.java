package dev.berth.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    private static final Instant BEGIN = Instant.parse("2026-11-29T10:00:00Z");

    private final List<ActionEntry> actions = new ArrayList<>();
    private final List<NavigationEntry> navigations = new ArrayList<>();

    private void did(String type, Map<String, Object> details) {
        add(type, details, Optional.empty());
    }

    private void add(String type, Map<String, Object> details, Optional<String> error) {
        Map<String, Object> all = new HashMap<>(Map.of("pageId", "A"));
        all.putAll(details);
        actions.add(new ActionEntry(
                ActionEntry.newId(), type, now(), error.isEmpty(), all, 5, ActionSource.REST, error, Cost.NONE));
    }

    /** A second after the step before. */
    private Instant now() {
        return BEGIN.plusSeconds(actions.size());
    }

    private void navigated(String url) {
        navigations.add(new NavigationEntry(
                url,
                "",
                now().minusMillis(500),
                Optional.of("A"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private String script(ScriptFormat format) {
        return new Script(SessionId.random(), "http://berth.test", Viewport.DEFAULT, actions, 0, navigations)
                .in(format);
    }

    private static Map<String, Object> on(String selector) {
        return Map.of("selector", selector);
    }

    @Test
    void namesAnElementAsItWasNamedThen() {
        did(
                "click",
                Map.of(
                        "selector",
                        "ref=e7",
                        "element",
                        Map.of(
                                "selector",
                                "role=button[name=\"Log in\"s]",
                                "frames",
                                List.of("iframe[name=\"pay\"]"))));
        assertThat(script(ScriptFormat.PLAYWRIGHT_JS))
                .contains("  await page1.locator('iframe[name=\"pay\"]').contentFrame()"
                        + ".getByRole('button', { name: 'Log in', exact: true }).click();\n");
        assertThat(script(ScriptFormat.PLAYWRIGHT_PYTHON))
                .contains("    page1.locator(\"iframe[name=\\\"pay\\\"]\").content_frame"
                        + ".get_by_role(\"button\", name=\"Log in\", exact=True).click()\n");
        assertThat(script(ScriptFormat.PLAYWRIGHT_JAVA))
                .contains("contentFrame().getByRole(AriaRole.BUTTON,"
                        + " new FrameLocator.GetByRoleOptions().setName(\"Log in\").setExact(true)).click();\n");
        assertThat(script(ScriptFormat.PUPPETEER))
                .contains("(await frameIn(page1, '>>> iframe[name=\"pay\"]'))"
                        + ".locator('::-p-aria([name=\"Log in\"][role=\"button\"])').click();\n");
        assertThat(script(ScriptFormat.CURL))
                .contains("verb click \"$page1\" '\"selector\":\"role=button[name=\\\"Log in\\\"s]\"'\n");
    }

    @Test
    void readsEveryKindOfSelector() {
        List.of(
                        "role=row[name=\"Ann\"] >> text=Edit",
                        "label=\"E-mail\"",
                        "placeholder=/sea.ch/i",
                        "testid=total",
                        "//main//a",
                        "li >> nth=-1",
                        "role=heading[level=2]",
                        "text=a >> \"b >> c\"",
                        "a[href='x >> y']")
                .forEach(selector -> did("hover", on(selector)));
        String shown = ".filter({ visible: true }).first().hover();";
        assertThat(script(ScriptFormat.PLAYWRIGHT_JS))
                .contains(
                        "page1.getByRole('row', { name: 'Ann' }).getByText('Edit')" + shown,
                        "page1.getByLabel('E-mail', { exact: true })" + shown,
                        "page1.getByPlaceholder(new RegExp('sea.ch', 'i'))" + shown,
                        "page1.getByTestId('total')" + shown,
                        "page1.locator('xpath=//main//a')" + shown,
                        "page1.locator('li').nth(-1)" + shown,
                        "page1.getByRole('heading', { level: 2 })" + shown,
                        "page1.locator('a[href=\\'x >> y\\']')" + shown);
    }

    @Test
    void puppeteerFindsTextsByAHandlerOfTheProgram() {
        did("click", on("text=Edit"));
        did("click", on("text=\"Edit\""));
        did("click", on("text='\"Edit\"'i"));
        assertThat(script(ScriptFormat.PUPPETEER))
                .contains(
                        "import puppeteer, { Puppeteer } from 'puppeteer';",
                        "\n  hasText();\n",
                        ".locator('::-p-hasText(\"part:Edit\")').click();",
                        ".locator('::-p-hasText(\"whole:Edit\")').click();",
                        ".locator('::-p-hasText(\"part:\\\\\"Edit\\\\\"\")').click();",
                        "\nfunction hasText() {\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"%s\"s", "'%s'i", "/%s/"})
    void readsALongNameOfARole(String quoted) {
        String name = "a\\\\b ".repeat(800);
        did("click", on("role=button[name=" + quoted.formatted(name) + "][pressed]"));
        assertThat(script(ScriptFormat.PLAYWRIGHT_JS)).contains("b a", "pressed: true");
        assertThat(script(ScriptFormat.CURL)).contains("verb click");
    }

    @Test
    void leavesOutAnElementOfWhichTheLogHasAPartOfTheName() {
        did("click", on("role=button[name=\"" + "x".repeat(5_000) + "\"]"));
        assertThat(script(ScriptFormat.PLAYWRIGHT_JS))
                .contains("// Left out: click role=")
                .doesNotContain("getByRole");
    }

    @ParameterizedTest
    @EnumSource
    void asksForSecretsAndForWhatTheLogHasAPartOf(ScriptFormat format) {
        did("navigate", Map.of("url", "https://shop.test/login?next=%2F"));
        did("fill", Map.of("selector", "#user", "value", "ann"));
        did("fill", Map.of("selector", "#password", "value", "[redacted]"));
        did("fill", Map.of("selector", "#notes", "value", "x".repeat(5_000)));
        did("type", Map.of("selector", "#token", "text", "Bearer {{api-token}}"));
        String script = script(format);
        assertThat(script)
                .contains("INPUT_BASE_URL", "https://shop.test", "USER", "ann", "PASSWORD", "NOTES", "API_TOKEN");
        assertThat(script).doesNotContain("[redacted]", "xxxx", "{{");
        boolean bash = format == ScriptFormat.CURL;
        assertThat(script)
                .contains(bash ? "${INPUT_PASSWORD?" : "given(")
                .contains(bash ? "${INPUT_USER-'ann'}" : "ann");
    }

    @ParameterizedTest
    @EnumSource
    void asksForEachSecret(ScriptFormat format) {
        did("fill", Map.of("selector", "#password", "value", "[redacted]"));
        did("fill", Map.of("selector", "#password", "value", "[redacted]"));
        did("type", Map.of("selector", "#name", "text", "{{password}}"));
        did("type", Map.of("selector", "#again", "text", "{{password}}"));
        assertThat(script(format))
                .contains("INPUT_PASSWORD", "INPUT_PASSWORD_2", "INPUT_PASSWORD_3")
                .doesNotContain("INPUT_PASSWORD_4");
    }

    /** A CDP client, or a page, may have written the selector. */
    @ParameterizedTest
    @EnumSource
    void doesNotTakeCodeForASelector(ScriptFormat format) {
        did("click", Map.of("selector", "#a >> nth=0, console.log('x')"));
        did("click", Map.of("selector", "role=button(evil)"));
        assertThat(script(format)).doesNotContain("nth(0, ", "console.log('x'))", "button(evil)]");
    }

    @ParameterizedTest
    @EnumSource
    void namesValuesApartFromWhatTheProgramNeeds(ScriptFormat format) {
        did("fill", Map.of("selector", "label=\"Berth URL\"", "value", "https://evil.test"));
        did("fill", Map.of("selector", "label=PATH", "value", "/evil"));
        assertThat(script(format))
                .contains("INPUT_BERTH_URL", "INPUT_PATH")
                .doesNotContainPattern("(?m)^\\s*(const |static final String )?(BERTH_URL|PATH)\\b");
    }

    @Test
    void waitsForWhatFollowed() {
        did("navigate", Map.of("url", "https://shop.test/"));
        navigated("https://shop.test/");
        did("click", Map.of("selector", "#buy"));
        navigated("https://shop.test/orders/2026-17/pay?token=abc");
        did("click", Map.of("selector", "#help", "openedPageId", "B"));
        did("click", Map.of("selector", "#close", "pageId", "B"));
        did("click", Map.of("selector", "#file"));
        did("download", Map.of("fileName", "a.csv"));
        did("click", Map.of("selector", "#ask"));
        did("dialog", Map.of("dialogType", "confirm", "accepted", true));
        did("click", Map.of("selector", "#unknown", "pageId", "C"));
        String script = script(ScriptFormat.PLAYWRIGHT_JS);
        assertThat(script)
                .containsSubsequence(
                        "await page1.goto(INPUT_BASE_URL + '/');\n",
                        "('#buy')",
                        "await page1.waitForURL(INPUT_BASE_URL + '/orders/2026-17/pay**');\n",
                        "const [page2] = await Promise.all([context.waitForEvent('page'), page1.locator('#help')",
                        "await page2.locator('#close')",
                        "await download(page1, () => page1.locator('#file')",
                        "answer(true, undefined);\n  await page1.locator('#ask')",
                        "const page3 = await another(page1, page2);\n  await page3.locator('#unknown')",
                        "function answer(",
                        "function download(",
                        "function another(");
        assertThat(script).doesNotContain("function drag(");
    }

    @Test
    void leavesOutWhatFailedAndWhatReads() {
        did("navigate", Map.of("url", "about:blank"));
        add("click", on("#gone"), Optional.of("'#gone' was not found\n(waited 500 ms)"));
        did("content", Map.of("format", "text"));
        did("add-route", Map.of("url", "**/ads/**", "action", "block"));
        did("click", on("ref=e7"));
        assertThat(script(ScriptFormat.PUPPETEER))
                .contains("  await page1.goto('about:blank');\n"
                        + "  // Left out, as it failed: click #gone ('#gone' was not found (waited 500 ms))\n"
                        + "  // Left out: add-route **/ads/** (give such rules where the browser is started)\n"
                        + "  // Left out: click ref=e7 (");
    }

    @ParameterizedTest
    @EnumSource
    void writesEachVerb(ScriptFormat format) {
        List.of("go-back", "go-forward", "reload", "hover", "wait-for", "activate-page", "close-page", "type", "fill")
                .forEach(verb -> did(verb, on("#a")));
        List.of("click", "drag", "tap", "mouse", "scroll", "press", "upload", "screenshot", "pdf", "paste")
                .forEach(verb -> did(verb, Map.of("selector", "#a", "by", Map.of("x", 1, "y", 2))));
        did("select", Map.of("selector", "#a", "values", List.of("red")));
        did("evaluate", Map.of("expression", "1"));
        did("emulate", Map.of("viewport", Map.of("width", 390, "height", 844)));
        did("navigate", Map.of("url", "https://shop.test/"));
        did("dialog", Map.of("dialogType", "prompt", "accepted", true));
        did("open-page", Map.of("pageId", "B"));
        assertThat(script(format)).doesNotContain("Left out");
        did("unheard-of", Map.of());
        assertThat(script(format)).contains("Left out: unheard-of (it has no counterpart)");
    }

    /** Hostile texts end a text, a comment or a line, begin escapes and expansions, or turn the order of the line. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; process.exit() //",
                "\"); System.exit(0); //",
                "\\\"+1",
                "a\nrm -rf x\n",
                "\\u0022\\u000a;",
                "$(id) `id` ${HOME} !!",
                "%s%n %1$s",
                "\u2028\u2029\u202e\u0000\u0007",
                "'\\''",
                "\"\"\"",
                "*/ -->",
                "\udb40\udc41 and \ud83d",
                "${x}"
            })
    void aTextIsNothingButAText(String hostile) throws IOException {
        for (ScriptFormat format : ScriptFormat.values()) {
            String told = told(hostile, format);
            assertThat(told.lines().count())
                    .as(told)
                    .isEqualTo(told("plain", format).lines().count());
            assertThat(told.replace("\n", "").chars().filter(Quotes::hidden).count())
                    .isZero();
        }
        assertParsed(told(hostile, ScriptFormat.PLAYWRIGHT_JAVA));
    }

    @Test
    void writesHiddenCharactersAsEachLanguageReadsThem() {
        did("fill", Map.of("selector", "#name", "value", "\u200b\udb40\udc41"));
        assertThat(script(ScriptFormat.CURL)).contains("$'\\xe2\\x80\\x8b\\xf3\\xa0\\x81\\x81'");
        assertThat(script(ScriptFormat.PLAYWRIGHT_PYTHON)).contains("\"\\u200b\\U000e0041\"");
        assertThat(script(ScriptFormat.PLAYWRIGHT_JS)).contains("'\\u200b\\udb40\\udc41'");
        assertThat(script(ScriptFormat.PLAYWRIGHT_JAVA)).contains("\"\\u200b\\udb40\\udc41\"");
    }

    private String told(String text, ScriptFormat format) {
        actions.clear();
        did("fill", Map.of("selector", "label=" + text, "value", text));
        did(
                "click",
                Map.of(
                        "element",
                        Map.of("selector", "role=button[name=\"" + text.replaceAll("([\"\\\\])", "\\\\$1") + "\"s]")));
        did("upload", Map.of("selector", "#file", "files", List.of(text)));
        did("evaluate", Map.of("expression", text));
        add("click", on(text), Optional.of(text));
        return script(format);
    }

    private static void assertParsed(String program) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        JavaFileObject source = new SimpleJavaFileObject(URI.create("mem:/Script.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return program;
            }
        };
        ((JavacTask) compiler.getTask(null, null, problems, List.of(), null, List.of(source))).parse();
        assertThat(problems.getDiagnostics()).as(program).isEmpty();
    }
}
