package dev.berth.loop;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;

/**
 * A timer in lived time ({@link LivedTime}). After a stop of the process it waits one more second, so that input that
 * arrived during the stop is read first.
 */
public final class LivedTimer {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = 1_000_000;

    private final Vertx vertx;
    private final VertxTimers timers;
    private final Runnable action;
    private final long dueNanos;
    private long stops = LivedTime.stops();
    private long timer;

    /** Sets a timer of Vert.x's, and gives its id. */
    private interface VertxTimers {
        long set(long millis, Handler<Long> handler);
    }

    private LivedTimer(Vertx vertx, VertxTimers timers, long millis, Runnable action) {
        this.vertx = vertx;
        this.timers = timers;
        this.action = action;
        this.dueNanos = LivedTime.nanos() + millis * MILLI;
        arm(millis);
    }

    /** Runs {@code action} on the context of the caller, unless that is a verticle's which is undeployed before. */
    public static LivedTimer set(Vertx vertx, long millis, Runnable action) {
        return new LivedTimer(vertx, vertx::setTimer, millis, action);
    }

    /** The same, even if the verticle is undeployed before. */
    static LivedTimer setLasting(Vertx vertx, long millis, Runnable action) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        return new LivedTimer(vertx, context::setTimer, millis, action);
    }

    /** Does nothing if the action has run already. */
    public void cancel() {
        vertx.cancelTimer(timer);
    }

    private void arm(long millis) {
        timer = timers.set(Math.max(1, millis), fired -> actIfDue());
    }

    private void actIfDue() {
        long left = dueNanos - LivedTime.nanos();
        long stopsNow = LivedTime.stops();
        if (stopsNow != stops) {
            stops = stopsNow;
            left = Math.max(left, GRACE_NANOS);
        }
        if (left / MILLI > 0) {
            arm(left / MILLI);
        } else {
            action.run();
        }
    }
}
