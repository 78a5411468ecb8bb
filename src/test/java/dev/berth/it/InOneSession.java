package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Tests that share one session: each opens its own page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InOneSession {
    final Api api = Berth.shared().api();
    final TestSite site = Berth.shared().site;
    String session;

    @BeforeAll
    void create() {
        session = api.newSession();
    }

    @AfterAll
    void end() {
        api.delete(session);
    }

    /** For a test that needs a session in which nothing was done, or that leaves one in which others could not do much. */
    void renew() {
        end();
        create();
    }

    void open(String html) {
        api.navigate(session, site.page(html));
    }

    static JsonObject on(String selector) {
        return new JsonObject().put("selector", selector);
    }

    /** Runs a verb, which must succeed. */
    JsonObject act(String verb, JsonObject body) {
        return api.act(session, verb, body);
    }

    JsonObject act(String verb, String json) {
        return act(verb, new JsonObject(json));
    }

    void click(String selector) {
        act("click", on(selector));
    }

    /** Runs a verb, which must be refused. */
    Api.Answer refused(String verb, String json) {
        Api.Answer answer = api.post(session + "/" + verb, new JsonObject(json).put("timeout", 500));
        assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
        return answer;
    }

    Object script(String expression) {
        return api.evaluate(session, expression);
    }
}
