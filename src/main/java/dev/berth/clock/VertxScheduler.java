package dev.berth.clock;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;

/** The system's clocks and Vert.x timers. Thread-safe. */
public final class VertxScheduler implements Scheduler {
    private final Vertx vertx;

    public VertxScheduler(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return LivedTime.nanos();
    }

    @Override
    public Timer after(long millis, Runnable action) {
        return LivedTimer.set(vertx, millis, action)::cancel;
    }

    @Override
    public Timer at(Instant when, Runnable action) {
        long left = Math.max(1, Duration.between(now(), when).toMillis());
        long timer = vertx.setTimer(left, fired -> action.run());
        return () -> vertx.cancelTimer(timer);
    }
}
