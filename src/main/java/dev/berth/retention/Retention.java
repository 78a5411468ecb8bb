package dev.berth.retention;

import dev.berth.artifact.ArtifactStore;
import dev.berth.config.RetentionConfig;
import dev.berth.database.Database;
import dev.berth.history.Outbox;
import dev.berth.history.UsageRepository;
import dev.berth.history.retention.Garbage;
import dev.berth.history.retention.References;
import dev.berth.history.retention.Removals;
import dev.berth.metrics.NodeMetrics;
import dev.berth.retention.Reconciler.Report;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of retention on this node, and their timers. */
public final class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final Vertx vertx;
    private final RetentionConfig config;
    private final Sweep sweep;
    private final Purge purge;
    private final Reconciler reconciler;
    private long sweeps = -1;
    private long checks = -1;

    public Retention(Vertx vertx, RetentionConfig config, Database database, Outbox outbox, ArtifactStore store) {
        Removals removals = new Removals(database, outbox);
        Garbage garbage = new Garbage(database);
        Disposal disposal = new Disposal(garbage, store);
        this.vertx = vertx;
        this.config = config;
        this.sweep = new Sweep(vertx, removals, new UsageRepository(database), disposal, config);
        this.purge = new Purge(removals, garbage, disposal);
        this.reconciler = new Reconciler(new References(database), garbage, store::list, Instant::now);
    }

    public Purge purge() {
        return purge;
    }

    public Reconciler reconciler() {
        return reconciler;
    }

    /** Begins to sweep and to compare regularly, on the caller's context. */
    public void start(NodeMetrics metrics) {
        sweep.kinds()
                .forEach(kind -> metrics.count(
                        "berth.retention.removed",
                        "Sessions from which retention removed data, and AI tasks without a session and profiles that it removed.",
                        () -> sweep.removed(kind),
                        "kind",
                        kind));
        tell(metrics, "object", Report::objectsWithoutRow);
        tell(metrics, "row", Report::rowsWithoutObject);
        sweeps = vertx.setPeriodic(TimeUnit.SECONDS.toMillis(config.sweepSeconds()), tick -> sweep.run());
        if (config.checkHours() > 0) {
            checks = vertx.setPeriodic(
                    TimeUnit.HOURS.toMillis(config.checkHours()),
                    tick -> reconciler
                            .run(false)
                            .onFailure(e ->
                                    log.warn("the object store and Postgres could not be compared: {}", e.toString())));
        }
    }

    private void tell(NodeMetrics metrics, String kind, ToLongFunction<Report> count) {
        metrics.tell(
                "berth.orphans",
                "Objects without a row in Postgres, and rows without an object, in this node's last comparison.",
                "",
                () -> reconciler.last().map(count::applyAsLong).orElse(0L),
                "kind",
                kind);
    }

    public Future<Void> close() {
        vertx.cancelTimer(sweeps);
        vertx.cancelTimer(checks);
        sweep.close();
        return Future.succeededFuture();
    }
}
