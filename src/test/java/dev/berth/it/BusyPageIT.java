package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page whose own script never ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusyPageIT {
    private static final String LOOPS = "<title>Busy</title><button>b</button><input><select><option>1</select>"
            + "<script>addEventListener('load', () => setTimeout(() => { for (;;) {} }))</script>";

    private final Api api = Berth.shared().api();
    private final TestSite site = Berth.shared().site;
    private String session;

    @BeforeAll
    void create() {
        session = api.newSession();
    }

    @AfterAll
    void end() {
        api.delete(session);
    }

    private void open() {
        api.navigate(session, site.page(LOOPS));
        JsonObject question = new JsonObject().put("expression", "1").put("timeout", 100);
        Api.await(() -> api.post(session + "/evaluate", question), answer -> answer.status() == 504);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "click | {\"selector\":\"button\"}",
                "type | {\"text\":\"t\"}",
                "fill | {\"selector\":\"input\",\"value\":\"v\"}",
                "scroll | {\"y\":10}",
                "wait-for | {\"selector\":\"button\"}",
                "evaluate | {\"expression\":\"1\"}",
                "content | {}",
                "screenshot | {}",
                "pdf | {}"
            })
    void aVerbTakesAsLongAsItMayAndIsAnsweredInItsOwnWords(String verb, String body) {
        open();
        Api.Answer late = api.post(session + "/" + verb, new JsonObject(body).put("timeout", 500));
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.error().getString("message"))
                .endsWith("within 500 ms")
                .doesNotContainPattern("[A-Z][a-z]+\\.[a-z]");
        JsonArray actions = api.get(session + "/actions?limit=1000").list("actions");
        long millis = actions.getJsonObject(actions.size() - 1).getLong("duration");
        // Three seconds of grace are what it had.
        assertThat(millis).isBetween(400L, 3_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"navigate", "reload", "go-back"})
    void itCanBeLeft(String verb) {
        api.navigate(session, site.url("/plain"));
        open();
        JsonObject body = verb.equals("navigate") ? new JsonObject().put("url", site.url("/two")) : new JsonObject();
        Api.Answer went = api.post(session + "/" + verb, body);
        assertThat(went.status()).as(went.text()).isEqualTo(200);
        assertThat(went.json().getBoolean("navigated")).isTrue();
    }
}
