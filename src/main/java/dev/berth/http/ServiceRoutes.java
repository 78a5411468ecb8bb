package dev.berth.http;

import dev.berth.artifact.ArtifactStore;
import dev.berth.protocol.NodeStatus;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators ask of a node. It needs no key, and so costs the same, however many ask. */
final class ServiceRoutes {
    private static final Logger log = LoggerFactory.getLogger(ServiceRoutes.class);
    private static final String OK = "ok";
    private static final String OBJECT_STORE = "objectStore";
    /** Who asks gives up after a second, mostly, and then takes the node for not ready. */
    private static final long STORE_MILLIS = 700;

    private static final Duration AGE = Duration.ofSeconds(1);

    private final String machineId;
    private final SessionClient client;
    /** What no session can be made, or recorded, without. */
    private final Map<String, Supplier<Future<?>>> needed;

    private final ArtifactStore store;
    private final Buffer contract;
    private final Remembered<Readiness> readiness = new Remembered<>(this::check, AGE, System::nanoTime);
    private final Remembered<String> figures = new Remembered<>(this::figures, AGE, System::nanoTime);

    /** What is asked of everything that sessions need. */
    private record Readiness(boolean ready, Buffer answer) {}

    ServiceRoutes(HttpServices services, SessionClient client, Buffer contract) {
        this.machineId = services.machineId();
        this.client = client;
        this.needed = new TreeMap<>(services.checks());
        this.needed.put("postgres", () -> services.database().check(machineId));
        this.store = services.store();
        this.contract = contract;
    }

    void mount(Router router) {
        // That it is answered is all: where it is not, the process is to be started again.
        router.get("/health/live")
                .handler(ctx -> Answers.send(
                        ctx, 200, new JsonObject().put("status", "up").toBuffer()));
        router.get("/health/ready")
                .handler(ctx -> readiness
                        .get()
                        .onSuccess(found -> Answers.send(ctx, found.ready() ? 200 : 503, found.answer()))
                        .onFailure(ctx::fail));
        router.get("/metrics")
                .handler(ctx -> figures.get()
                        .onSuccess(text -> ctx.response()
                                .putHeader("Content-Type", "text/plain; version=0.0.4")
                                .end(text))
                        .onFailure(ctx::fail));
        router.get("/openapi.yaml")
                .handler(ctx -> ctx.response()
                        .putHeader("Content-Type", "application/yaml")
                        .end(contract));
    }

    /**
     * Each check by name; 503 where a session could not be made, or not recorded. The object store is not needed for that: what
     * it does not take yet waits on disk. Causes go to the log: this answer is for everybody.
     */
    private Future<Readiness> check() {
        Future<NodeStatus> node = client.describe(machineId);
        Map<String, Future<String>> outcomes = new TreeMap<>();
        needed.forEach((name, check) -> outcomes.put(name, outcome(name, check.get())));
        outcomes.put("node", outcome("node", node));
        Future<String> objectStore = outcome(OBJECT_STORE, store.check().timeout(STORE_MILLIS, TimeUnit.MILLISECONDS));
        return Future.join(List.copyOf(outcomes.values()))
                .compose(all -> objectStore)
                .map(stored -> {
                    boolean ready = outcomes.values().stream()
                            .allMatch(outcome -> outcome.result().equals(OK));
                    JsonObject checks = new JsonObject();
                    outcomes.forEach((name, outcome) -> checks.put(name, outcome.result()));
                    JsonObject answer = new JsonObject()
                            .put("status", ready ? "ready" : "not_ready")
                            .put("machineId", machineId)
                            .put("checks", checks.put(OBJECT_STORE, stored));
                    if (node.succeeded()) {
                        describe(answer, node.result());
                    }
                    return new Readiness(ready, answer.toBuffer());
                });
    }

    private static void describe(JsonObject answer, NodeStatus node) {
        answer.put("chrome", node.chrome())
                .put("sandboxed", node.sandboxed())
                .put("sessions", node.creating() + node.running())
                .put("queued", node.queued())
                .put("warmChromes", node.warm())
                .put("capacity", node.capacity());
    }

    private static Future<String> outcome(String check, Future<?> done) {
        return done.map(OK).otherwise(e -> {
            log.warn("readiness check {} fails: {}", check, cause(e));
            return "failing";
        });
    }

    /** What clients are told does not say more. */
    private static String cause(Throwable e) {
        return e.getCause() == null ? e.toString() : e.getCause().toString();
    }

    private Future<String> figures() {
        return client.describe(machineId)
                .map(node ->
                        Metrics.render(node, ManagementFactory.getMemoryMXBean(), ManagementFactory.getThreadMXBean()));
    }
}
