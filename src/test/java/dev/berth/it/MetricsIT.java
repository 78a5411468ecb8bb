package dev.berth.it;

import static dev.berth.fake.ModelAnswer.call;
import static dev.berth.fake.ModelAnswer.calls;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.ServerConfig;
import dev.berth.fake.RawWebSocket;
import dev.berth.fake.ScriptedModelServer;
import dev.berth.metrics.Exposition;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What {@code /metrics} tells of a server that is used, and what a session keeps of the trace of its request. */
@Order(1)
class MetricsIT {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Path DATA = Berth.temporaryFolder();

    private static Vertx vertx;
    private static ScriptedModelServer model;
    private static FaultyProxy objectStore;
    private static Berth berth;

    private final Api api = berth.api();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        model = Berth.await(ScriptedModelServer.start(vertx));
        ServerConfig shared = Berth.shared().server.config();
        objectStore = new FaultyProxy(vertx, shared.objectStore().endpoint().orElseThrow());
        berth = Berth.withModel(
                DATA,
                model,
                "BERTH_S3_ENDPOINT=http://127.0.0.1:" + objectStore.port(),
                "BERTH_S3_ACCESS_KEY=" + shared.objectStore().accessKey(),
                "BERTH_S3_SECRET_KEY=" + shared.objectStore().secretKey(),
                "BERTH_S3_BUCKET=metrics",
                "BERTH_POOL_SIZE=1");
    }

    @AfterAll
    static void stop() {
        objectStore.mend();
        berth.stop();
        objectStore.close();
        Berth.delete(DATA);
        Berth.await(vertx.close());
    }

    private static Exposition metrics() {
        return Exposition.read(Api.fetch(berth.server.url() + "/metrics").text());
    }

    /** The answer is up to a second old. */
    private static void awaitAtLeast(String sample, double wanted) {
        Api.await(MetricsIT::metrics, told -> told.value(sample) >= wanted);
    }

    @Test
    void allThatIsToldIsAsPrometheusWantsIt() {
        api.delete(api.open(berth.site.page("<h1>page</h1>")));
        Exposition told = metrics();
        told.assertRules();
        assertThat(told.families())
                .contains(
                        "jvm_memory_used_bytes", "jvm_threads", "process_cpu_seconds_total", "process_uptime_seconds");
        assertThat(told.value("berth_event_loop_lag_seconds_count")).isNotNegative();
        JsonObject protections =
                Api.fetch(berth.server.url() + "/health/ready").json().getJsonObject("protections");
        assertThat(protections.fieldNames()).contains("files", "policy", "network");
        protections.forEach(protection -> assertThat(
                        told.value("berth_chrome_protection{protection=\"" + protection.getKey() + "\"}"))
                .isEqualTo(protection.getValue().equals("on") ? 1 : 0));
    }

    @Test
    void aSessionMovesWhatIsToldOfIt() {
        String session = api.open(berth.site.url("/noisy"));
        api.act(session, "screenshot", new JsonObject());
        JsonObject odd = new JsonObject().put("expression", "throw new Error('odd')");
        assertThat(api.post(session + "/evaluate", odd).status()).isEqualTo(422);
        awaitAtLeast("berth_actions_total{outcome=\"failure\",verb=\"evaluate\"}", 1);
        awaitAtLeast("berth_artifacts_stored_total{type=\"screenshot\"}", 1);
        awaitAtLeast("berth_chrome_memory_bytes", 1 << 20);
        awaitAtLeast("berth_s3_request_seconds_count{operation=\"put\"}", 1);
        awaitAtLeast("berth_log_write_lag_seconds_count{log=\"network\"}", 1);
        api.delete(session);
        awaitAtLeast("berth_sessions_ended_total{reason=\"client\",status=\"completed\"}", 1);
        Exposition told = metrics();
        assertThat(told.value("berth_session_start_seconds_count")).isPositive();
        assertThat(told.value("berth_chrome_launch_seconds_count")).isPositive();
        assertThat(told.value("berth_actions_total{outcome=\"success\",verb=\"navigate\"}"))
                .isPositive();
        assertThat(told.value("berth_log_entries_total{log=\"console\"}")).isPositive();
        assertThat(told.value("berth_postgres_request_seconds_count{operation=\"query\"}"))
                .isPositive();
        assertThat(told.value("berth_artifact_bytes_total{type=\"screenshot\"}"))
                .isPositive();
    }

    @Test
    void clientsAndViewersCountWhileTheyAreConnected() throws Exception {
        Api.Opened created = api.create();
        CdpClient client = CdpClient.connect(created.connectUrl());
        client.send("Browser.getVersion");
        RawWebSocket viewer = RawWebSocket.open(created.socket(created.token()));
        viewer.next("frame");
        awaitAtLeast("berth_cdp_clients", 1);
        awaitAtLeast("berth_viewers", 1);
        awaitAtLeast("berth_viewer_frames_sent_total", 1);
        Exposition told = metrics();
        assertThat(told.value("berth_relay_bytes_total{direction=\"to_client\"}"))
                .isPositive();
        assertThat(told.value("berth_relay_bytes_total{direction=\"to_browser\"}"))
                .isPositive();
        api.delete(created.path());
        Api.await(MetricsIT::metrics, now -> now.value("berth_cdp_clients") == 0 && now.value("berth_viewers") == 0);
        viewer.close();
    }

    @Test
    void aTaskCostsWhatTheModelsPricesSay() {
        model.answer(calls(call("done", new JsonObject())));
        JsonObject done = new AiTasks(api)
                .run(new JsonObject().put("instruction", "Look").put("startUrl", berth.site.page("<p>here</p>")));
        assertThat(done.getString("status")).as(done.encode()).isEqualTo("completed");
        awaitAtLeast("berth_ai_tasks_ended_total{status=\"completed\"}", 1);
        Exposition told = metrics();
        double input = told.value("berth_ai_tokens_total{direction=\"input\"}");
        double output = told.value("berth_ai_tokens_total{direction=\"output\"}");
        assertThat(input).isPositive();
        assertThat(told.value("berth_ai_cost_usd_total"))
                .isCloseTo((input * 3 + output * 15) / 1e6, Offset.offset(1e-9));
        assertThat(told.value("berth_ai_call_seconds_count")).isPositive();
    }

    @Test
    void anObjectStoreThatDoesNotAnswerIsSeen() {
        String session = api.open(berth.site.page("<p>picture</p>"));
        String link = api.act(session, "screenshot", new JsonObject()).getString("publicUrl");
        api.await(session + "/artifacts", listed -> listed.text().contains("\"stored\""));
        objectStore.freeze();
        try {
            assertThat(Api.fetch(link).status()).isEqualTo(503);
            awaitAtLeast("berth_s3_errors_total{operation=\"get\"}", 1);
            api.act(session, "screenshot", new JsonObject());
            awaitAtLeast("berth_spool_objects", 1);
        } finally {
            objectStore.mend();
        }
        api.delete(session);
    }

    @Test
    void aSessionKeepsTheTraceOfItsRequest() {
        JsonObject created = Api.send(api.request("/api/sessions?wait=running")
                        .header("traceparent", TRACE)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}")))
                .json();
        String session = "/api/sessions/" + created.getString("sessionId");
        assertThat(api.get(session).json().getString("traceparent")).isEqualTo(TRACE);
        api.delete(session);
        assertThat(api.get(session).json().getString("traceparent")).isEqualTo(TRACE);
        assertThat(Berth.named(created.getString("sessionId") + " is running", "traceparent"))
                .containsExactly(TRACE);
    }
}
