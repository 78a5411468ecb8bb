package dev.berth.http.admin;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs all readiness checks at once, each with the same short timeout, so that a check that hangs is named and does not delay
 * the answer.
 */
final class Readiness {
    private static final Logger log = LoggerFactory.getLogger(Readiness.class);
    private static final String OK = "ok";
    private static final String OBJECT_STORE = "objectStore";

    private final String machineId;
    private final Supplier<Future<NodeStatus>> node;
    private final Map<String, Supplier<Future<?>>> needed;
    private final Supplier<Future<?>> store;
    private final Map<String, String> protections;
    private final long maxMillis;

    /**
     * @param needed checks of what a session needs to be created or recorded
     * @param store reported only: artifacts wait on disk while the object store is down
     * @param protections what holds Chromes, by name: reported only, as pages may all be trusted
     * @param maxMillis timeout of each check
     */
    Readiness(
            String machineId,
            Supplier<Future<NodeStatus>> node,
            Map<String, Supplier<Future<?>>> needed,
            Supplier<Future<?>> store,
            Map<String, String> protections,
            long maxMillis) {
        this.machineId = machineId;
        this.node = node;
        this.needed = Map.copyOf(needed);
        this.store = store;
        this.protections = protections;
        this.maxMillis = maxMillis;
    }

    record Checked(boolean ready, Buffer body) {}

    /** The outcome of each check by name. Causes go to the log only: anyone may read the response. */
    Future<Checked> check() {
        Future<NodeStatus> described = inTime(node);
        Map<String, Future<String>> outcomes = new TreeMap<>();
        List<String> reasons = new ArrayList<>();
        needed.forEach((name, check) -> outcomes.put(
                name, outcome(name, inTime(check).onFailure(e -> reason(e).ifPresent(reasons::add)))));
        outcomes.put("node", outcome("node", described));
        Future<String> stored = outcome(OBJECT_STORE, inTime(store));
        return Future.join(List.copyOf(outcomes.values()))
                .compose(all -> stored)
                .map(all -> {
                    boolean draining =
                            described.succeeded() && described.result().draining();
                    boolean ready = !draining
                            && outcomes.values().stream()
                                    .allMatch(outcome -> outcome.result().equals(OK));
                    JsonObject checks = new JsonObject();
                    outcomes.forEach((name, outcome) -> checks.put(name, outcome.result()));
                    JsonObject body = new JsonObject()
                            .put("status", ready ? "ready" : draining ? "draining" : "not_ready")
                            .put("machineId", machineId)
                            .put("checks", checks.put(OBJECT_STORE, stored.result()));
                    reasons.stream().sorted().findFirst().ifPresent(why -> body.put("reason", why));
                    JsonObject held = new JsonObject();
                    protections.forEach(held::put);
                    body.put("protections", held);
                    if (described.succeeded()) {
                        describe(body, described.result());
                    }
                    return new Checked(ready, body.toBuffer());
                });
    }

    /** The reason that a node also tells the clients whose sessions it refuses. */
    private static Optional<String> reason(Throwable e) {
        return e instanceof BerthException known && known.code() == ErrorCode.NOT_READY
                ? Optional.of(known.getMessage())
                : Optional.empty();
    }

    /** A check that throws counts as failed. */
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
            // A part that is still starting does not fail.
            boolean starts = ErrorCode.NOT_READY.isOf(e);
            log.atLevel(starts ? Level.DEBUG : Level.WARN).log("readiness check {} failed: {}", check, cause(e));
            return "failing";
        });
    }

    /** The cause says more than the wording for clients. */
    private static String cause(Throwable e) {
        if (e.getCause() == null) {
            return e instanceof BerthException ? e.getMessage() : e.toString();
        }
        return e.getCause().toString();
    }
}
