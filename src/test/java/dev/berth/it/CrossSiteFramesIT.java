package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The verbs on elements in iframes of other sites. One page for all, which shows what its
 * iframes tell it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossSiteFramesIT {
    private static final String TELLS = """
            <style>body { margin: 0 }</style>
            <script>
              for (const type of ['click', 'change', 'mouseover', 'keydown', 'scroll']) {
                addEventListener(type, event => top.postMessage(
                  `${event.target.id} ${type} ${event.key ?? event.target.files?.[0].name ?? event.target.value ?? ''}`.trim(), '*'), true)
              }
            </script>
            """;
    private static final String INNERMOST =
            TELLS + "<button id=deep style='margin: 20px'>Deep</button><label>Note <input id=note></label>";
    private static final String INNER = TELLS + """
            <p style="height: 30px">Inside</p><button id=pay>Pay</button><label>Card <input id=card></label>
            <select id=kind><option>one<option>two</select><input id=file type=file>
            <div id=red style="background: red; width: 40px; height: 20px"></div>
            <div id=box style="overflow: auto; width: 50px; height: 50px"><p style="height: 500px"></p></div>
            <div id=once hidden>Once</div>
            <iframe src="%s" style="margin: 30px; border: 7px solid; padding: 3px"></iframe>
            """;
    private static final String OUTER = """
            <script>onmessage = event => said.append(Object.assign(document.createElement('p'), {textContent: event.data}))</script>
            <div id=said style="position: fixed; height: 0; overflow: hidden; pointer-events: none"></div><p style="height: 2000px">Above</p>
            <iframe src="%s" width=500 height=500 style="margin-left: 40px; border: 5px solid; padding: 11px"></iframe>
            <p style="height: 2000px">Below</p>
            """;

    Api api;
    TestSite site;
    private String session;

    Berth server() {
        return Berth.shared();
    }

    @BeforeAll
    void create() {
        Berth server = server();
        api = server.api();
        site = server.site;
        session = api.newSession();
        String innermost = site.page(INNERMOST);
        String inner = site.otherSiteUrl(
                URI.create(site.page(INNER.formatted(innermost))).getPath());
        api.navigate(session, site.page(OUTER.formatted(inner)));
    }

    @AfterAll
    void end() {
        api.delete(session);
    }

    private JsonObject act(String verb, JsonObject body) {
        Api.Answer done = api.post(session + "/" + verb, body.put("timeout", 8_000));
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        return done.json();
    }

    private static JsonObject on(String selector) {
        return new JsonObject().put("selector", selector);
    }

    private void expect(String said) {
        act("wait-for", on("text=\"" + said + "\"").put("state", "attached"));
    }

    String snapshot() {
        return act("snapshot", new JsonObject()).getString("snapshot");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pay", "Deep"})
    void refsAreOfTheirElements(String name) {
        Matcher ref = Pattern.compile("\"" + name + "\".*\\[ref=(\\w+)]").matcher(snapshot());
        assertThat(ref.find()).isTrue();
        act("hover", on(ref.group(1)));
        expect(name.toLowerCase(Locale.ROOT) + " mouseover");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#pay", "#deep"})
    void clicks(String selector) {
        act("click", on(selector));
        expect(selector.substring(1) + " click");
    }

    @Test
    void scrollsThePageTowardsAnElement() {
        api.evaluate(session, "scrollTo(0, 0)");
        act("hover", on("role=button[name=\"Pay\"]"));
        expect("pay mouseover");
    }

    @Test
    void fillsFields() {
        act("fill", on("label=Card").put("value", "4242"));
        expect("card change 4242");
    }

    @ParameterizedTest
    @ValueSource(strings = {"card", "note"})
    void typesAndPressesKeys(String field) {
        act("type", on("#" + field).put("text", "x"));
        expect(field + " keydown x");
        act("press", on("#" + field).put("key", "End"));
        expect(field + " keydown End");
    }

    @Test
    void uploadsFiles() {
        JsonObject file = new JsonObject().put("name", "a.txt").put("content", "YQ==");
        act("upload", on("#file").put("files", new JsonArray().add(file)));
        expect("file change a.txt");
    }

    @Test
    void selectsScrollsAndTakesPictures() throws IOException {
        act("select", on("#kind").put("values", new JsonArray().add("two")));
        expect("kind change two");
        assertThat(act("scroll", on("#box").put("y", 100)).getInteger("y")).isEqualTo(100);
        expect("box scroll");
        String link = act("screenshot", on("#red")).getString("publicUrl");
        BufferedImage picture =
                ImageIO.read(new ByteArrayInputStream(Api.fetch(link).body()));
        assertThat(picture.getWidth()).isEqualTo(40);
        assertThat(picture.getRGB(38, 18)).isEqualTo(0xffff0000);
    }

    @Test
    void aHiddenElementIsWaitedFor() {
        act("wait-for", on("#once").put("state", "attached"));
        act("wait-for", on("#once").put("state", "hidden"));
    }

    @Test
    void whatIsNowhereIsNotFound() {
        Api.Answer failed = api.post(session + "/click", on("#nowhere").put("timeout", 700));
        assertThat(failed.text()).contains("was not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "markdown"})
    void contentHasThatOfIframesInItsPlace(String format) {
        assertThat(content(session, format)).containsSubsequence("Above", "Inside", "Note", "Below");
    }

    String content(String of, String format) {
        return api.act(of, "content", new JsonObject().put("format", format)).getString("content");
    }

    private String framed(String style, boolean otherSite) {
        String inner = site.page(
                "<style>body { margin: 0 }</style><button style='margin: 200px 0 0 300px; width: 20px; height: 20px'"
                        + " onclick=\"top.postMessage('clicked', '*')\">b</button>");
        String url = otherSite ? site.otherSiteUrl(URI.create(inner).getPath()) : inner;
        return api.open(site.page("<script>onmessage = event => document.title = event.data</script><div style='"
                + style + "'>" + "<iframe width=500 height=500 style='border: 5px solid; padding: 11px' src='" + url
                + "'></iframe></div>"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aScaledIframeIsAimedAtAndARotatedOneRefused(boolean otherSite) {
        String own = framed("transform: scale(.5, .4); transform-origin: 10px 0", otherSite);
        api.act(own, "click", on("button"));
        Api.await(() -> api.evaluate(own, "document.title"), "clicked"::equals);
        api.evaluate(own, "document.querySelector('div').style.transform = 'rotate(9deg)'");
        assertThat(api.post(own + "/click", on("button").put("timeout", 700)).text())
                .contains("rotated or skewed");
        api.delete(own);
    }
}
