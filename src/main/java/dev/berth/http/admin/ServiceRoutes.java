package dev.berth.http.admin;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.berth.http.request.Answers;
import dev.berth.http.request.CallersContext;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Health, metrics and the contract. These paths need no key, so their cost must not grow with the number of requests. */
public final class ServiceRoutes {
    /** Most probes give up after a second and then take the node for not ready. */
    private static final long CHECK_MILLIS = 700;

    private static final Duration AGE = Duration.ofSeconds(1);

    private final String machineId;
    private final SessionClient client;
    private final Function<RoutingContext, Buffer> contract;
    private final Function<NodeStatus, Future<String>> metrics;
    private final Supplier<Future<Readiness.Checked>> readiness;
    private final Supplier<Future<String>> figures = onceIn(AGE, this::figures);

    /**
     * @param needed checks of what new sessions need, by name: each fails while its part is not available
     * @param contract gives the document for a client
     * @param objectStore the check of the object store, which sessions can do without for a while
     * @param protections what holds Chromes, by name: {@code on}, or {@code off: } and why
     * @param metrics gives those of a node with this status, in the text format of Prometheus
     */
    public ServiceRoutes(
            String machineId,
            Map<String, Supplier<Future<?>>> needed,
            Supplier<Future<?>> objectStore,
            Map<String, String> protections,
            SessionClient client,
            Function<RoutingContext, Buffer> contract,
            Function<NodeStatus, Future<String>> metrics) {
        this.machineId = machineId;
        this.client = client;
        this.contract = contract;
        this.metrics = metrics;
        Readiness checks = new Readiness(
                machineId, () -> client.describe(machineId), needed, objectStore, protections, CHECK_MILLIS);
        this.readiness = onceIn(AGE, checks::check);
    }

    /** Anybody may ask, as often as they like. */
    private static <T> Supplier<Future<T>> onceIn(Duration age, Supplier<Future<T>> ask) {
        LoadingCache<String, Future<T>> latest = Caffeine.newBuilder()
                .expireAfterWrite(age)
                .executor(Runnable::run)
                .build(any -> ask.get());
        return () -> CallersContext.bring(latest.get("answer"));
    }

    public void mount(Router router) {
        // Any response means live. Without one the process should be restarted.
        router.get("/health/live")
                .handler(ctx -> Answers.send(
                        ctx, 200, new JsonObject().put("status", "up").toBuffer()));
        router.get("/health/ready")
                .handler(ctx -> Answers.respond(
                        ctx, readiness.get(), found -> Answers.send(ctx, found.ready() ? 200 : 503, found.body())));
        router.get("/metrics")
                .handler(ctx -> Answers.respond(
                        ctx,
                        figures.get(),
                        text -> ctx.response()
                                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                                .end(text)));
        router.get("/openapi.yaml")
                .handler(ctx -> ctx.response()
                        .putHeader("Content-Type", "application/yaml")
                        .end(contract.apply(ctx)));
    }

    private Future<String> figures() {
        return client.describe(machineId).compose(metrics);
    }
}
