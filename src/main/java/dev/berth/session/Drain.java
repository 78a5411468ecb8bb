package dev.berth.session;

import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties a node: it takes no new sessions, those that it has may go on for a while, and what is left then is ended. An operator can take
 * it back, but not when the process stops. Runs on the supervisor's context, except {@link #begun}.
 */
final class Drain {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Scheduler scheduler;
    private final NodeSessions sessions;
    private final Runnable onBegin;
    private Promise<Void> over = Promise.promise();
    private volatile boolean begun;
    private boolean stopping;
    private boolean ending;
    private long endNanos;
    private Optional<Timer> timer = Optional.empty();

    /** @param onBegin called when no new sessions are taken any more */
    Drain(Scheduler scheduler, NodeSessions sessions, Runnable onBegin) {
        this.scheduler = scheduler;
        this.sessions = sessions;
        this.onBegin = onBegin;
    }

    /** Whether the node takes no new sessions. For any thread. */
    boolean begun() {
        return begun;
    }

    /**
     * Begins. Where it has begun already, the earlier end holds.
     *
     * @param patienceMillis how long sessions may go on
     */
    void begin(long patienceMillis) {
        long end = scheduler.nanos() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        if (ending || begun && end - endNanos >= 0) {
            return;
        }
        if (!begun) {
            begun = true;
            onBegin.run();
        }
        endNanos = end;
        timer.ifPresent(Timer::cancel);
        timer = Optional.empty();
        if (sessions.size() == 0 || patienceMillis == 0) {
            endAll();
        } else {
            log.info(
                    "draining: new sessions are refused; {} sessions can go on for {} s",
                    sessions.size(),
                    patienceMillis / 1_000);
            timer = Optional.of(scheduler.after(patienceMillis, this::endAll));
        }
    }

    /** Begins, and can't be taken back: the process stops. Completes when no session is left, or the last ones did not end cleanly. */
    Future<Void> stop(long patienceMillis) {
        stopping = true;
        begin(patienceMillis);
        return over.future();
    }

    /** The node takes new sessions again. Those that are being ended end nevertheless. Fails where the process stops. */
    Future<Void> takeBack() {
        if (stopping) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.CONFLICT, "the node is stopping, which can't be undone: start it again"));
        }
        if (begun) {
            log.info("draining ended: the node accepts new sessions again");
            timer.ifPresent(Timer::cancel);
            timer = Optional.empty();
            over = Promise.promise();
            ending = false;
            begun = false;
        }
        return Future.succeededFuture();
    }

    /** This node had claimed a session that waited before this began. */
    void came(SessionId id) {
        if (ending) {
            end(id).onFailure(uncleanEnd());
        }
    }

    /** A session has left the node. */
    void left() {
        if (begun && sessions.size() == 0) {
            timer.ifPresent(Timer::cancel);
            over.tryComplete();
        }
    }

    private void endAll() {
        ending = true;
        left();
        Future.join(List.copyOf(sessions.ids()).stream().map(this::end).toList())
                .onFailure(uncleanEnd());
    }

    private Handler<Throwable> uncleanEnd() {
        Promise<Void> ofThisDrain = over;
        return e -> ofThisDrain.tryComplete();
    }

    private Future<?> end(SessionId id) {
        return sessions.verticle(id)
                .<Future<?>>map(SessionVerticle::drain)
                .orElseGet(() -> Future.failedFuture("it is still being made"))
                .onFailure(e -> log.warn("{} did not end cleanly: {}", id, e.getMessage()));
    }
}
