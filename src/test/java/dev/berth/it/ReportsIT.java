package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.EventClient.Event;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients report of their work in sessions: names, outcomes, labels and steps. */
class ReportsIT {
    private static final String HOSTILE =
            "\u001b[31mred\u001b[0m <b onclick=alert(1)>`x` | y\u202e\u0007\u001b]0;title\u0007\r\u0000end";
    private static final String PLAIN = "red <b onclick=alert(1)>`x` | yend";

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final String tag = UUID.randomUUID().toString();

    @AfterEach
    void endSessions() {
        listed("").forEach(session -> api.delete(path(session)));
    }

    private List<JsonObject> listed(String more) {
        return api.get("/api/sessions?metadata.tag=" + tag + more).list("sessions").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static String path(JsonObject session) {
        return "/api/sessions/" + session.getString("sessionId");
    }

    private String session(String name, JsonObject options) {
        JsonObject body = new JsonObject()
                .put("name", name)
                .put("options", options)
                .put("metadata", new JsonObject().put("tag", tag).put("branch", "main"));
        return path(api.post("/api/sessions?wait=running", body).json());
    }

    private JsonObject patched(String session, String body) {
        Api.Answer answer = api.patch(session, new JsonObject(body.replace('\'', '"')));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private Api.Answer steps(String session, Object... steps) {
        return api.post(session + "/steps", new JsonObject().put("steps", new JsonArray(List.of(steps))));
    }

    private static JsonObject step(String id, String title) {
        return new JsonObject().put("stepId", id).put("title", title);
    }

    private List<JsonObject> keptSteps(String session) {
        return api.get(session + "/steps").list("steps").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private long recordings(String session) {
        return api.get(session + "/artifacts").list("artifacts").stream()
                .filter(artifact -> ((JsonObject) artifact).getString("type").equals("recording"))
                .count();
    }

    @Test
    void aClientNamesItsSessionAndReportsTheOutcomeBeforeAndAfterTheEnd() {
        String session = session("Checkout \u203a pays", new JsonObject());
        EventClient events = EventClient.open(api.request(session + "/events").header("Last-Event-ID", "0"));
        assertThat(api.get(session).json().getString("name")).isEqualTo("Checkout \u203a pays");
        JsonObject failed = patched(
                session,
                "{'outcome': 'failed', 'outcomeReason': 'no \\u001b[31mtext\\u001b[0m', 'metadata': {'branch': null, 'retry': '1'}}");
        assertThat(failed.getString("name")).isEqualTo("Checkout \u203a pays");
        assertThat(failed.getString("outcome")).isEqualTo("failed");
        assertThat(failed.getString("outcomeReason")).isEqualTo("no text");
        assertThat(failed.getJsonObject("metadata").getMap()).containsOnlyKeys("tag", "retry");
        api.delete(session);
        List<Event> told = events.rest();
        assertThat(listed("&includeTerminated=true&outcome=failed")).hasSize(1);
        assertThat(listed("&includeTerminated=true&outcome=passed")).isEmpty();
        JsonObject passed = patched(session, "{'outcome': 'passed', 'name': ''}");
        assertThat(passed.getString("outcome")).isEqualTo("passed");
        assertThat(passed.containsKey("name")).isFalse();
        assertThat(passed.containsKey("outcomeReason")).isFalse();
        assertThat(api.get(session).json().getString("outcome")).isEqualTo("passed");
        assertThat(told.stream()
                        .filter(event -> event.kind().equals("update"))
                        .map(event -> event.data().getString("outcome")))
                .containsExactly("failed");
        assertThat(EventClient.open(api.request(session + "/events")
                                .header(
                                        "Last-Event-ID",
                                        told.get(told.size() - 1).id()))
                        .rest())
                .extracting(Event::kind)
                .containsExactly("update");
        String id = session.substring(session.lastIndexOf('/') + 1);
        List<Event> ofUser = EventClient.open(api.request("/api/events").header("Last-Event-ID", "0"))
                .until(event ->
                        event.kind().equals("update") && id.equals(event.data().getString("sessionId")));
        assertThat(ofUser.get(ofUser.size() - 1).data().getString("outcome")).isEqualTo("passed");
        Api strange = new Api(berth.server.url(), berth.keyOf("stranger"));
        assertThat(strange.patch(session, new JsonObject().put("outcome", "failed"))
                        .status())
                .isEqualTo(404);
        assertThat(strange.post(session + "/steps", step("x", "x")).status()).isEqualTo(404);
        assertThat(strange.get(session + "/steps").status()).isEqualTo(404);
        assertThat(api.patch(session, new JsonObject("{\"timeouts\":{\"idle\":5000}}"))
                        .status())
                .isEqualTo(410);
    }

    @Test
    void aRunningSessionIsExtendedOrEndsSooner() {
        String session = session("", new JsonObject().put("timeouts", new JsonObject().put("lifetime", 60_000)));
        JsonObject before = api.get(session).json();
        JsonObject longer = patched(session, "{'timeouts': {'lifetime': 600000}}");
        assertThat(Duration.between(
                        Instant.parse(before.getString("createdAt")), Instant.parse(longer.getString("expiresAt"))))
                .isEqualTo(Duration.ofMinutes(10));
        assertThat(longer.getJsonObject("options").getJsonObject("timeouts").getLong("lifetime"))
                .isEqualTo(600_000);
        patched(session, "{'timeouts': {'idle': 1000}}");
        JsonObject ended = api.await(session, answer -> answer.json().getString("endReason") != null)
                .json();
        assertThat(ended.getString("endReason")).isEqualTo("idle_timeout");
        assertThat(ended.getString("expiresAt")).isEqualTo(longer.getString("expiresAt"));
    }

    @Test
    void stepsAreKeptOnceInOrderAndAsPlainText() {
        String session = session("steps", new JsonObject());
        EventClient events =
                EventClient.open(api.request(session + "/events?kinds=step").header("Last-Event-ID", "0"));
        JsonObject hostile =
                step("b", HOSTILE).put("kind", "expect").put("error", HOSTILE).put("parentId", "a");
        assertThat(steps(session, step("a", "one"), hostile).json().getInteger("added"))
                .isEqualTo(2);
        assertThat(steps(session, step("a", "another"), step("c", "three"))
                        .json()
                        .getInteger("added"))
                .isEqualTo(1);
        assertThat(events.next().data().getString("title")).isEqualTo("one");
        api.delete(session);
        List<Event> rest = events.rest();
        assertThat(api.post(session + "/steps", step("d", "after the end")).status())
                .isEqualTo(201);
        List<JsonObject> kept = keptSteps(session);
        assertThat(kept).extracting(step -> step.getString("stepId")).containsExactly("a", "b", "c", "d");
        assertThat(kept.get(1).getString("title")).isEqualTo(PLAIN);
        assertThat(kept.get(1).getString("error")).isEqualTo(PLAIN);
        assertThat(rest).extracting(event -> event.data().getString("stepId")).containsExactly("b", "c");
        assertThat(api.get(session + "/timeline").list("steps")).hasSize(4);
        assertThat(api.get(session + "/report").text())
                .contains("expect `red <b onclick=alert(1)>'x' | yend`")
                .doesNotContain("\u001b");
    }

    @Test
    void aSessionTakesAsManyStepsAsItMay() {
        String session = session("many", new JsonObject());
        for (int i = 0; i < 10; i++) {
            int from = i * 500;
            assertThat(steps(
                                    session,
                                    IntStream.range(from, from + 500)
                                            .mapToObj(number -> step("s" + number, "step"))
                                            .toArray())
                            .status())
                    .isEqualTo(201);
        }
        Api.Answer refused = api.post(session + "/steps", step("more", "one more"));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().getString("message")).contains("at most 5000 steps");
        assertThat(api.get(session + "/steps?limit=1").json().getInteger("total"))
                .isEqualTo(5_000);
    }

    @Test
    void aRecordingForFailuresIsKeptForThemAlone() {
        JsonObject onFailure = new JsonObject().put("recording", "onFailure");
        String passed = session("passed", onFailure.copy());
        String failed = session("failed", onFailure.copy());
        String late = session("late", onFailure.copy());
        assertThat(api.get(passed).json().getJsonObject("options").getString("recording"))
                .isEqualTo("onFailure");
        patched(passed, "{'outcome': 'passed'}");
        patched(failed, "{'outcome': 'timedOut'}");
        Stream.of(passed, failed, late).forEach(api::delete);
        assertThat(recordings(passed)).isZero();
        assertThat(recordings(failed)).isEqualTo(1);
        assertThat(recordings(late)).isEqualTo(1);
        patched(late, "{'outcome': 'passed'}");
        assertThat(recordings(late)).isZero();
        assertThat(api.get(late).json().getLong("storedBytes"))
                .isLessThan(api.get(failed).json().getLong("storedBytes"));
    }

    /** As test runners do: a trace is whole only after the test, and is read by pages of other sites. */
    @Test
    void aSessionTakesFilesShortlyAfterItsEnd() {
        String session = session("trace", new JsonObject());
        api.delete(session);
        long before = api.get(session).json().getLong("storedBytes");
        put(session, "an earlier trace");
        JsonObject kept = put(session, "a trace").json();
        assertThat(kept.getString("source")).isEqualTo("upload");
        assertThat(api.get(session + "/artifacts").list("artifacts"))
                .extracting(artifact -> ((JsonObject) artifact).getString("fileName"))
                .containsExactly("trace.zip");
        assertThat(api.get(session).json().getLong("storedBytes")).isEqualTo(before + "a trace".length());
        Api.Answer read = Api.fetch(kept.getString("publicUrl"));
        assertThat(read.text()).isEqualTo("a trace");
        assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(put(session, "x".repeat((50 << 20) + 1)).status()).isEqualTo(413);
        assertThat(Api.send(api.request(session + "/files/trace.zip")
                                .header("Content-Range", "bytes 0-1/4")
                                .PUT(BodyPublishers.ofString("ab")))
                        .status())
                .isEqualTo(400);
    }

    private Api.Answer put(String session, String trace) {
        return Api.send(api.request(session + "/files/trace.zip").PUT(BodyPublishers.ofString(trace)));
    }

    @Test
    void errorsAreCountedInTheList() {
        String session = session("", new JsonObject());
        api.navigate(session, berth.site.url("/plain"));
        api.evaluate(session, "console.error('x'); fetch('/not-there-at-all').then(r => r.status)");
        api.post(
                session + "/click", new JsonObject().put("selector", "#nothing").put("timeout", 100));
        JsonObject errors = api.await(
                        session, answer -> answer.json().getJsonObject("errors").getInteger("requests") > 0)
                .json()
                .getJsonObject("errors");
        assertThat(errors.getInteger("actions")).isEqualTo(1);
        assertThat(errors.getInteger("console")).isGreaterThanOrEqualTo(1);
        api.delete(session);
        assertThat(listed("&includeTerminated=true").get(0).getJsonObject("errors"))
                .isEqualTo(api.get(session).json().getJsonObject("errors"));
    }
}
