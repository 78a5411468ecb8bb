package dev.berth.retention;

import dev.berth.config.RetentionConfig;
import dev.berth.history.UsageRepository;
import dev.berth.history.retention.Removals;
import dev.berth.history.retention.Removals.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is older than the settings or the sessions' own options say, a few sessions at a time with rests between, then adds up
 * usage, and then removes the garbage, even where a step before failed. Every node sweeps; of a cluster, one removes at a time.
 */
final class Sweep {
    private static final Logger log = LoggerFactory.getLogger(Sweep.class);
    private static final int BATCH = 10;
    private static final long REST_MILLIS = 100;

    private final Vertx vertx;
    private final Removals removals;
    private final UsageRepository usage;
    private final Disposal disposal;
    private final List<Step> steps;
    private final Map<String, Long> removed = new ConcurrentHashMap<>();
    private boolean running;
    private boolean closed;

    /**
     * A kind of what is removed.
     *
     * @param batch removes some, and gives how many
     */
    private record Step(String name, Supplier<Future<Integer>> batch) {}

    Sweep(Vertx vertx, Removals removals, UsageRepository usage, Disposal disposal, RetentionConfig days) {
        this.vertx = vertx;
        this.removals = removals;
        this.usage = usage;
        this.disposal = disposal;
        this.steps = List.of(
                step("all", Kind.SESSIONS, days.days()),
                new Step("tasks", () -> removals.expireTasks(days.days(), BATCH)),
                new Step("profiles", () -> removals.expireProfiles(days.profileDays(), BATCH)),
                step("recordings", Kind.RECORDINGS, days.recordingDays()),
                step("artifacts", Kind.ARTIFACTS, days.artifactDays()),
                step("logs", Kind.LOGS, days.logDays()));
    }

    private Step step(String name, Kind kind, int days) {
        return new Step(name, () -> removals.expire(kind, days, BATCH));
    }

    /** How many sessions this step has removed something of, on this node since its start. */
    long removed(String step) {
        return removed.getOrDefault(step, 0L);
    }

    List<String> kinds() {
        return steps.stream().map(Step::name).toList();
    }

    /** Does nothing while the one before goes on. */
    void run() {
        if (running || closed) {
            return;
        }
        running = true;
        Future<Void> swept = Future.succeededFuture();
        for (Step step : steps) {
            swept = swept.compose(before -> run(step));
        }
        told("remove all that is too old", swept)
                .transform(tried -> told("add up usage", usage.addUp()))
                .transform(tried -> told("delete all garbage", disposal.run()))
                .onComplete(done -> running = false);
    }

    private <T> Future<T> told(String what, Future<T> work) {
        return work.onFailure(e -> {
            if (!closed) {
                log.warn("the sweep could not {}; the next sweep tries again: {}", what, e.toString());
            }
        });
    }

    /** Begins nothing more. */
    void close() {
        closed = true;
    }

    private Future<Void> run(Step step) {
        Promise<Void> done = Promise.promise();
        run(step, 0, done);
        return done.future();
    }

    private void run(Step step, int before, Promise<Void> done) {
        step.batch.get().onFailure(done::fail).onSuccess(some -> {
            removed.merge(step.name, (long) some, Long::sum);
            if (some >= BATCH && !closed) {
                vertx.setTimer(REST_MILLIS, rested -> run(step, before + some, done));
                return;
            }
            if (before + some > 0) {
                log.info("removed by retention: {}, of {}", step.name, before + some);
            }
            done.complete();
        });
    }
}
