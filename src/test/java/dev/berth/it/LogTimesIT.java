package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logs by the time of their entries, while a session lives and afterwards. */
class LogTimesIT {
    private final Api api = Berth.shared().api();
    private final TestSite site = Berth.shared().site;
    private final String session = api.newSession();

    @AfterEach
    void end() {
        api.delete(session);
    }

    private List<JsonObject> read(String path, String field) {
        Api.Answer answer = api.get(session + path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.list(field).stream().map(JsonObject.class::cast).toList();
    }

    private void visit() {
        api.navigate(session, site.page("""
                <title>Steps</title><script>
                const rest = () => new Promise(over => setTimeout(over, 20));
                (async () => {
                  for (let i = 0; i < 10; i++) {
                    console.log('step ' + i);
                    await fetch('/item?n=' + i).then(got => got.text());
                    await rest();
                  }
                  await fetch('/missing').then(got => got.text());
                  await fetch('/reset').catch(() => {});
                  console.warn('almost');
                  console.error('done');
                })()</script>"""));
        api.await(session + "/console", answer -> answer.text().contains("\"done\""));
        // The page itself, ten items, what is missing, and what breaks off.
        api.await(session + "/network", answer -> answer.json().getInteger("total") == 13);
    }

    private void assertSpans() {
        List<JsonObject> all = read("/console", "logs");
        assertThat(all).extracting(entry -> entry.getInteger("offset")).startsWith(0, 1, 2, 3);
        JsonObject third = all.get(3);
        String from = third.getString("timestamp");
        String to = all.get(6).getString("timestamp");
        List<JsonObject> within = read("/console?from=" + from + "&to=" + to, "logs");
        assertThat(within)
                .isEqualTo(all.stream()
                        .filter(entry -> entry.getString("timestamp").compareTo(from) >= 0
                                && entry.getString("timestamp").compareTo(to) < 0)
                        .toList())
                .contains(third);
        assertThat(read("/console?offset=3&limit=1", "logs")).containsExactly(third);
        List<JsonObject> requests = read("/network?from=" + from, "requests");
        assertThat(requests)
                .isNotEmpty()
                .allMatch(entry -> entry.getString("timestamp").compareTo(from) >= 0);
        assertThat(read("/network?limit=1&offset=" + requests.get(0).getInteger("offset"), "requests"))
                .containsExactly(requests.get(0));
    }

    @Test
    void aSpanOfTimeIsReadWhileTheSessionLivesAndAfterwards() {
        visit();
        assertSpans();
        api.delete(session);
        assertSpans();
        assertSpans();
    }

    private JsonObject timeline(int buckets) {
        Api.Answer answer = api.get(session + "/timeline?buckets=" + buckets);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static int sum(JsonObject of, String kind) {
        return of.getJsonArray(kind).stream().mapToInt(Integer.class::cast).sum();
    }

    private void assertCounts() {
        int requests = api.get(session + "/network").json().getInteger("total");
        long failed = read("/network", "requests").stream()
                .filter(entry -> entry.getValue("error") != null || entry.getInteger("status", 0) >= 400)
                .count();
        int lines = api.get(session + "/console").json().getInteger("total");
        for (int buckets : List.of(1, 7, 1_000)) {
            JsonObject timeline = timeline(buckets);
            JsonObject console = timeline.getJsonObject("console");
            JsonObject network = timeline.getJsonObject("network");
            assertThat(network.getJsonArray("total").size()).isBetween(1, buckets);
            assertThat(console.getJsonArray("other"))
                    .hasSameSizeAs(network.getJsonArray("failed").getList());
            assertThat(sum(network, "total")).isEqualTo(requests);
            assertThat(sum(network, "failed")).isEqualTo((int) failed).isGreaterThanOrEqualTo(2);
            assertThat(sum(console, "warn")).isEqualTo(1);
            assertThat(sum(console, "error")).isGreaterThanOrEqualTo(1);
            assertThat(sum(console, "error") + sum(console, "warn") + sum(console, "other"))
                    .isEqualTo(lines);
        }
    }

    @Test
    void theTimelineCountsWhatTheLogsHave() {
        visit();
        assertCounts();
        api.delete(session);
        assertCounts();
        JsonObject over = api.get(session).json();
        assertThat(timeline(10).getString("from")).isEqualTo(over.getString("startedAt"));
        assertThat(timeline(10).getString("to")).isEqualTo(over.getString("endedAt"));
        assertThat(api.get(session + "/timeline?buckets=1001").status()).isEqualTo(400);
    }

    @Test
    void theTimelineTellsWhatTheChromeUsed() {
        api.navigate(session, site.page("<script>setInterval(() => { for (let i = 0; i < 1e7; i++); }, 20)</script>"));
        JsonObject live = api.await(
                        session + "/timeline",
                        answer -> answer.list("usage").stream()
                                .anyMatch(each -> ((JsonObject) each).getDouble("cpu", 0.0) > 0))
                .json();
        JsonArray usage = live.getJsonArray("usage");
        JsonObject sample = usage.getJsonObject(usage.size() - 1);
        assertThat(sample.getDouble("memoryMiB")).isBetween(10.0, 2_000.0);
        assertThat(sample.getString("timestamp")).isGreaterThan(live.getString("from"));
        api.delete(session);
        assertThat(timeline(1).getJsonArray("usage").getList())
                .startsWith(live.getJsonArray("usage").getList().toArray());
    }

    @Test
    void whatIsNoSpanIsRefused() {
        for (String query : List.of(
                "from=yesterday",
                "from=2026-13-01T00:00:00Z",
                "from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z",
                "to=2026-01-02")) {
            Api.Answer refused = api.get(session + "/console?" + query);
            assertThat(refused.status()).as(query).isEqualTo(400);
            assertThat(refused.error().getString("message")).containsAnyOf("from", "to");
        }
    }
}
