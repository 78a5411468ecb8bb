package dev.berth.http.routes;

import dev.berth.protocol.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks everything that sessions need whether it is there. Each part has the same short time, all at once: who asks hears which
 * one hangs, and does not hang with it.
 */
final class Readiness {
    private static final Logger log = LoggerFactory.getLogger(Readiness.class);
    private static final String OK = "ok";
    private static final String OBJECT_STORE = "objectStore";

    private final String machineId;
    private final Supplier<Future<NodeStatus>> node;
    private final Map<String, Supplier<Future<?>>> needed;
    private final Supplier<Future<?>> store;
    private final long maxMillis;

    /**
     * @param needed what no session can be made, or recorded, without
     * @param store is asked for information: what it does not take yet waits on disk
     * @param maxMillis how long each may take to answer
     */
    Readiness(
            String machineId,
            Supplier<Future<NodeStatus>> node,
            Map<String, Supplier<Future<?>>> needed,
            Supplier<Future<?>> store,
            long maxMillis) {
        this.machineId = machineId;
        this.node = node;
        this.needed = Map.copyOf(needed);
        this.store = store;
        this.maxMillis = maxMillis;
    }

    record Answer(boolean ready, Buffer body) {}

    /** Each check by name. Causes go to the log: this answer is for everybody. */
    Future<Answer> check() {
        Future<NodeStatus> described = inTime(node);
        Map<String, Future<String>> outcomes = new TreeMap<>();
        needed.forEach((name, check) -> outcomes.put(name, outcome(name, inTime(check))));
        outcomes.put("node", outcome("node", described));
        Future<String> stored = outcome(OBJECT_STORE, inTime(store));
        return Future.join(List.copyOf(outcomes.values()))
                .compose(all -> stored)
                .map(all -> {
                    boolean ready = outcomes.values().stream()
                            .allMatch(outcome -> outcome.result().equals(OK));
                    JsonObject checks = new JsonObject();
                    outcomes.forEach((name, outcome) -> checks.put(name, outcome.result()));
                    JsonObject body = new JsonObject()
                            .put("status", ready ? "ready" : "not_ready")
                            .put("machineId", machineId)
                            .put("checks", checks.put(OBJECT_STORE, stored.result()));
                    if (described.succeeded()) {
                        describe(body, described.result());
                    }
                    return new Answer(ready, body.toBuffer());
                });
    }

    /** One that throws has failed like others. */
    private <T> Future<T> inTime(Supplier<? extends Future<? extends T>> check) {
        return Future.<T>succeededFuture()
                .compose(now -> check.get().<T>map(answer -> answer))
                .timeout(maxMillis, TimeUnit.MILLISECONDS);
    }

    private static void describe(JsonObject body, NodeStatus node) {
        body.put("chrome", node.chrome())
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
}
