package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs: sessions of one {@code metadata.run}, as tests and their tries. */
class RunsIT {
    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final String file = UUID.randomUUID() + "/shop.spec.ts";

    /** A try of a test; without an outcome, its session lives on. */
    private String tried(String run, String title, String retry, String outcome) {
        JsonObject metadata = new JsonObject()
                .put("run", run)
                .put("project", "desktop")
                .put("file", file)
                .put("title", title)
                .put("retry", retry)
                .put("branch", "main");
        String session = api.newSession(new JsonObject().put("name", title).put("metadata", metadata));
        if (!outcome.isEmpty()) {
            JsonObject report = new JsonObject().put("outcome", outcome);
            api.patch(session, outcome.equals("failed") ? report.put("outcomeReason", title + " broke") : report);
            api.delete(session);
        }
        return session.substring(session.lastIndexOf('/') + 1);
    }

    private static List<JsonObject> objects(JsonArray list) {
        return list.stream().map(JsonObject.class::cast).toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonObject history(String title) {
        return api.get("/api/tests/history?project=desktop&file=" + encoded(file) + "&title=" + encoded(title))
                .json();
    }

    @Test
    void aRunHasItsTestsWithTheirTriesAndATestItsRuns() {
        String first = "run / " + UUID.randomUUID();
        String second = "run / " + UUID.randomUUID();
        String passed = tried(first, "pays", "0", "passed");
        tried(first, "ships", "0", "passed");
        tried(second, "ships", "0", "passed");
        tried(second, "pays", "0", "failed");
        String failed = tried(second, "pays", "1", "failed");
        tried(second, "searches", "0", "timedOut");
        tried(second, "searches", "1", "passed");
        String live = tried(second, "waits", "0", "");

        JsonObject listed = objects(api.get("/api/runs?limit=100").list("runs")).stream()
                .filter(run -> run.getString("run").equals(second))
                .findFirst()
                .orElseThrow();
        assertThat(listed.getJsonObject("verdicts"))
                .isEqualTo(new JsonObject()
                        .put("failed", 1)
                        .put("flaky", 1)
                        .put("passed", 1)
                        .put("running", 1));
        assertThat(listed.getInteger("sessions")).isEqualTo(6);
        assertThat(listed.getJsonObject("labels")).isEqualTo(new JsonObject().put("branch", "main"));
        assertThat(listed.containsKey("endedAt")).isFalse();

        api.delete("/api/sessions/" + live);
        JsonObject run = api.get("/api/runs/" + encoded(second)).json();
        assertThat(run.getJsonObject("run").getString("endedAt")).isNotNull();
        List<JsonObject> tests = objects(run.getJsonArray("tests"));
        assertThat(tests.stream().map(test -> test.getString("title") + " " + test.getString("verdict")))
                .containsExactly("pays failed", "searches flaky", "waits unknown", "ships passed");
        List<JsonObject> tries = objects(tests.get(0).getJsonArray("tries"));
        assertThat(tries.stream().map(one -> one.getString("retry") + " " + one.getString("reason")))
                .containsExactly("0 pays broke", "1 pays broke");

        JsonObject pays = history("pays");
        assertThat(objects(pays.getJsonArray("marks")).stream()
                        .map(mark -> mark.getString("run") + " " + mark.getString("verdict")))
                .containsExactly(second + " failed", first + " passed");
        assertThat(objects(pays.getJsonArray("marks")).get(0).getString("sessionId"))
                .isEqualTo(failed);
        assertThat(pays.getString("lastPassed")).isEqualTo(passed);
        assertThat(pays.getString("failingSince")).isNotNull();
        assertThat(history("nothing").getJsonArray("marks")).isEmpty();
        assertThat(api.get("/api/runs/nothing").status()).isEqualTo(404);
        Stream.of("/api/runs", "/api/runs/" + encoded(second))
                .forEach(path -> assertThat(api.get(path + "?limit=1").json().getBoolean("hasMore"))
                        .isTrue());
    }
}
