package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/** Tests in a session of the shared server. */
abstract class SessionTests {
    final Api api = Berth.shared().api();
    final TestSite site = Berth.shared().site;
    String session;

    void create() {
        session = api.newSession();
    }

    void end() {
        api.delete(session);
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

    JsonObject click(String selector) {
        return act("click", on(selector));
    }

    /** Runs a verb, which must be refused. */
    Api.Answer refused(String verb, String json) {
        Api.Answer answer = api.post(session + "/" + verb, new JsonObject(json).put("timeout", 2_000));
        assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
        return answer;
    }

    /** The latest entry of the action log. */
    JsonObject lastAction() {
        return last(actions());
    }

    JsonObject lastAction(String type) {
        return last(actions().filter(action -> action.getString("type").equals(type)));
    }

    private Stream<JsonObject> actions() {
        return api.get(session + "/actions?limit=1000").list("actions").stream().map(JsonObject.class::cast);
    }

    private static JsonObject last(Stream<JsonObject> actions) {
        return actions.reduce((first, second) -> second).orElseThrow();
    }

    Object script(String expression) {
        return api.evaluate(session, expression);
    }
}
