package dev.berth.loop;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.Instant;

/** The system's clocks and Vert.x timers. Thread-safe. */
public final class VertxScheduler implements Scheduler {
    private final Vertx vertx;
    private final boolean lasting;

    public VertxScheduler(Vertx vertx) {
        this(vertx, false);
    }

    private VertxScheduler(Vertx vertx, boolean lasting) {
        this.vertx = vertx;
        this.lasting = lasting;
    }

    /**
     * A scheduler whose {@link #after} keeps its word even if the calling verticle is undeployed: otherwise Vert.x cancels the timers of a
     * verticle then. For work that may go on after the verticle.
     */
    public static VertxScheduler lasting(Vertx vertx) {
        return new VertxScheduler(vertx, true);
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Timer after(long millis, Runnable action) {
        long inMillis = Math.max(1, millis);
        long timer = lasting
                ? ((ContextInternal) vertx.getOrCreateContext()).setTimer(inMillis, fired -> action.run())
                : vertx.setTimer(inMillis, fired -> action.run());
        return () -> vertx.cancelTimer(timer);
    }

    @Override
    public Timer at(Instant when, Runnable action) {
        long left = Math.max(1, Duration.between(now(), when).toMillis());
        long timer = vertx.setTimer(left, fired -> action.run());
        return () -> vertx.cancelTimer(timer);
    }
}
