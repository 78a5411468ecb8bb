package dev.berth.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadinessTest {
    private static final Supplier<Future<?>> GOOD = Future::succeededFuture;
    private static final Supplier<Future<?>> HANGING = () -> Promise.promise().future();

    private Supplier<Future<NodeStatus>> node =
            () -> Future.succeededFuture(new NodeStatus("d1", 8, 1, 2, 3, 4, 5, "Chrome/1", true, false));
    private final Map<String, Supplier<Future<?>>> needed = new HashMap<>(Map.of("chrome", GOOD, "postgres", GOOD));
    private Supplier<Future<?>> store = GOOD;

    private Readiness.Checked ask(long maxMillis) throws Exception {
        return new Readiness("d1", node, needed, store, Map.of("network", "off: why"), maxMillis)
                .check()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static JsonObject checks(Readiness.Checked answer) {
        return answer.body().toJsonObject().getJsonObject("checks");
    }

    @Test
    void passingChecksMakeItReady() throws Exception {
        Readiness.Checked answer = ask(30_000);
        assertThat(answer.ready()).isTrue();
        assertThat(answer.body().toJsonObject())
                .isEqualTo(new JsonObject()
                        .put("status", "ready")
                        .put("machineId", "d1")
                        .put("checks", new JsonObject("""
                                {"chrome": "ok", "node": "ok", "postgres": "ok", "objectStore": "ok"}"""))
                        .put("protections", new JsonObject().put("network", "off: why"))
                        .put("chrome", "Chrome/1")
                        .put("sandboxed", true)
                        .put("sessions", 3)
                        .put("queued", 3)
                        .put("warmChromes", 4)
                        .put("capacity", 8));
    }

    @Test
    void aNodeThatIsDrainedIsNotReady() throws Exception {
        node = () -> Future.succeededFuture(new NodeStatus("d1", 8, 1, 2, 3, 4, 5, "Chrome/1", true, true));
        Readiness.Checked answer = ask(30_000);
        assertThat(answer.ready()).isFalse();
        assertThat(answer.body().toJsonObject().getString("status")).isEqualTo("draining");
    }

    @Test
    void hangingChecksAreNamedAndTimeOut() throws Exception {
        needed.put("chrome", HANGING);
        store = HANGING;
        Readiness.Checked answer = ask(5);
        assertThat(answer.ready()).isFalse();
        assertThat(checks(answer)).isEqualTo(new JsonObject("""
                {"chrome": "failing", "node": "ok", "postgres": "ok", "objectStore": "failing"}"""));
        needed.put("chrome", GOOD);
        node = () -> Promise.<NodeStatus>promise().future();
        assertThat(checks(ask(5)).getString("node")).isEqualTo("failing");
    }

    @Test
    void itIsReadyWithoutTheObjectStore() throws Exception {
        store = () -> Future.failedFuture("no");
        Readiness.Checked answer = ask(30_000);
        assertThat(answer.ready()).isTrue();
        assertThat(checks(answer).getString("objectStore")).isEqualTo("failing");
    }

    @Test
    void aCheckThatThrowsHasFailed() throws Exception {
        needed.put("postgres", () -> {
            throw new IllegalStateException("no");
        });
        assertThat(checks(ask(30_000)).getString("postgres")).isEqualTo("failing");
    }

    /** It is what those are told whose sessions the node refuses. */
    @Test
    void saysWhyTheNodeMayHoldNoSessionsButNoOtherCause() throws Exception {
        needed.put(
                "heartbeat",
                () -> Future.failedFuture(new BerthException(ErrorCode.NOT_READY, "it was declared lost")));
        needed.put("postgres", () -> Future.failedFuture("secret"));
        JsonObject answer = ask(30_000).body().toJsonObject();
        assertThat(answer.getString("reason")).isEqualTo("it was declared lost");
        assertThat(answer.getString("status")).isEqualTo("not_ready");
        assertThat(answer.encode()).doesNotContain("secret");
    }
}
