package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page whose own script never ends. */
class BusyPageIT extends InOwnSession {
    private static final String LOOPS = "<title>Busy</title><button>b</button><input><select><option>1</select>"
            + "<script>addEventListener('load', () => setTimeout(() => { for (;;) {} }))</script>";

    private static final String RAN =
            "new Promise(done => { const look = () => globalThis.ran ? done() : setTimeout(look); look() })";

    private void open() {
        api.navigate(session, site.page(LOOPS));
        JsonObject question = new JsonObject().put("expression", "1").put("timeout", 100);
        Api.await(() -> api.post(session + "/evaluate", question), answer -> answer.status() == 504);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"click | {\"selector\":\"button\"}", "evaluate | {\"expression\":\"1\"}"})
    void aVerbTakesAsLongAsItMayAndIsAnsweredInItsOwnWords(String verb, String body) {
        assertTakesAsLongAsItMay(verb, body);
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type | {\"text\":\"t\"}",
                "fill | {\"selector\":\"input\",\"value\":\"v\"}",
                "scroll | {\"y\":10}",
                "wait-for | {\"selector\":\"button\"}",
                "content | {}",
                "screenshot | {}",
                "pdf | {}"
            })
    void theOtherVerbsDoSoToo(String verb, String body) {
        assertTakesAsLongAsItMay(verb, body);
    }

    private void assertTakesAsLongAsItMay(String verb, String body) {
        open();
        Api.Answer late = api.post(session + "/" + verb, new JsonObject(body).put("timeout", 500));
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.error().getString("message"))
                .endsWith("within 500 ms")
                .doesNotContainPattern("[A-Z][a-z]+\\.[a-z]");
        long millis = lastAction().getLong("duration");
        // It had a grace of three seconds.
        assertThat(millis).isBetween(400L, 3_000L);
    }

    private void openOf(String script) {
        leave("navigate", site.url("/plain"));
        api.navigate(session, site.page("<title>Busy</title><script>" + script + "</script>"));
    }

    private void leave(String verb, String url) {
        JsonObject body = new JsonObject().put("timeout", 4_000);
        Api.Answer went = api.post(session + "/" + verb, verb.equals("navigate") ? body.put("url", url) : body);
        assertThat(went.status()).as(went.text()).isEqualTo(200);
        assertThat(went.json().getBoolean("navigated")).isTrue();
    }

    @Test
    void itCanBeLeftAndTheNextPageRuns() {
        assertCanBeLeft("navigate", "addEventListener('load', () => setTimeout(() => { for (;;) {} }))");
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reload   | addEventListener('load', () => setTimeout(() => { for (;;) {} }))",
                "navigate | addEventListener('load', () => setInterval(() => { for (;;) {} }, 1))",
                "go-back  | addEventListener('load', () => setInterval(() => { for (;;) {} }, 1))",
                "go-back  | addEventListener('pagehide', () => { for (;;) {} })"
            })
    void itCanBeLeftByAnyVerb(String verb, String script) {
        assertCanBeLeft(verb, script);
    }

    private void assertCanBeLeft(String verb, String script) {
        openOf(script);
        leave(verb, site.url("/two"));
        leave("navigate", site.page("<script>setTimeout(() => ran = true)</script>"));
        act("evaluate", new JsonObject().put("expression", RAN).put("timeout", 5_000));
        Api.await(
                () -> api.get(session + "/console?limit=1000"),
                console -> console.text().contains("a script was ended, because its page was left while it ran"));
    }

    /** A script that stores its progress, for another page of the site to read. */
    private static String busyFor(int millis) {
        return "localStorage.removeItem('done'); addEventListener('load', () => setTimeout(() => {"
                + " for (const end = Date.now() + " + millis
                + "; Date.now() < end;) {} localStorage.setItem('done', 'all')"
                + " }))";
    }

    @Test
    void aSlowScriptThatFinishesInTimeIsNotEnded() {
        openOf(busyFor(1_000));
        api.navigate(session, site.url("/two"));
        assertThat(script("localStorage.getItem('done')")).isEqualTo("all");
    }

    @Test
    void aNavigationWithinTheDocumentEndsNoScript() {
        openOf(busyFor(2_000));
        String here = api.get(session).json().getString("currentUrl");
        JsonObject body = new JsonObject().put("url", here + "#place").put("timeout", 3_000);
        assertThat(api.post(session + "/navigate", body).status()).isEqualTo(200);
        assertThat(script("localStorage.getItem('done')")).isEqualTo("all");
    }
}
