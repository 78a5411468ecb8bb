package dev.berth.http;

import dev.berth.artifact.ArtifactStore;
import dev.berth.history.Database;
import dev.berth.protocol.NodeStatus;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators ask of a node. It needs no key, and so costs the same, however many ask. */
final class ServiceRoutes {
    private static final Logger log = LoggerFactory.getLogger(ServiceRoutes.class);
    private static final Duration AGE = Duration.ofSeconds(1);

    private final String machineId;
    private final SessionClient client;
    private final Database database;
    private final ArtifactStore store;
    private final Buffer contract;
    private final Remembered<Readiness> readiness = new Remembered<>(this::check, AGE, System::nanoTime);
    private final Remembered<String> figures = new Remembered<>(this::figures, AGE, System::nanoTime);

    /** What is asked of everything that sessions need. */
    private record Readiness(boolean ready, Buffer answer) {}

    ServiceRoutes(String machineId, SessionClient client, Database database, ArtifactStore store, Buffer contract) {
        this.machineId = machineId;
        this.client = client;
        this.database = database;
        this.store = store;
        this.contract = contract;
    }

    void mount(Router router) {
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

    /** Each check by name; 503 where one fails. Causes go to the log: this answer is for everybody. */
    private Future<Readiness> check() {
        Future<NodeStatus> node = client.describe(machineId);
        Future<String> postgres = outcome("postgres", database.check());
        Future<String> objectStore = outcome("objectStore", store.check());
        Future<String> chrome = outcome("chrome", node);
        return Future.all(postgres, objectStore, chrome).map(all -> {
            boolean ready = all.list().stream().allMatch("ok"::equals);
            JsonObject checks = new JsonObject()
                    .put("postgres", postgres.result())
                    .put("objectStore", objectStore.result())
                    .put("chrome", chrome.result());
            JsonObject answer = new JsonObject()
                    .put("status", ready ? "ready" : "not_ready")
                    .put("machineId", machineId)
                    .put("checks", checks);
            if (node.succeeded()) {
                answer.put("chrome", node.result().chrome())
                        .put("sandboxed", node.result().sandboxed())
                        .put(
                                "sessions",
                                node.result().creating() + node.result().running())
                        .put("queued", node.result().queued())
                        .put("warmChromes", node.result().warm())
                        .put("capacity", node.result().capacity());
            }
            return new Readiness(ready, answer.toBuffer());
        });
    }

    private static Future<String> outcome(String check, Future<?> done) {
        return done.map("ok").otherwise(e -> {
            log.warn("readiness check {} fails: {}", check, e.toString());
            return "failing";
        });
    }

    private Future<String> figures() {
        return client.describe(machineId)
                .map(node ->
                        Metrics.render(node, ManagementFactory.getMemoryMXBean(), ManagementFactory.getThreadMXBean()));
    }
}
