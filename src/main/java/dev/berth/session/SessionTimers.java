package dev.berth.session;

import dev.berth.protocol.EndReason;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Ends a session that is not used, or that is too old. On the session's context. */
final class SessionTimers {
    private final Vertx vertx;
    private final SessionProfile profile;
    private final Consumer<EndReason> end;
    private long usedAtNanos = System.nanoTime();
    private long idleTimer = -1;
    private long lifetimeTimer = -1;

    SessionTimers(Vertx vertx, SessionProfile profile, Consumer<EndReason> end) {
        this.vertx = vertx;
        this.profile = profile;
        this.end = end;
    }

    void start() {
        long left =
                Math.max(1, Duration.between(Instant.now(), profile.expiresAt()).toMillis());
        lifetimeTimer = vertx.setTimer(left, ignored -> end.accept(EndReason.MAX_LIFETIME));
        watchIdle(profile.options().timeouts().idle());
    }

    /** Somebody uses the session. */
    void used() {
        usedAtNanos = System.nanoTime();
    }

    void stop() {
        vertx.cancelTimer(lifetimeTimer);
        vertx.cancelTimer(idleTimer);
    }

    /** One timer, set again for what is left: using a session costs nothing. */
    private void watchIdle(long millis) {
        idleTimer = vertx.setTimer(millis, ignored -> {
            long idle = (System.nanoTime() - usedAtNanos) / 1_000_000;
            long left = profile.options().timeouts().idle() - idle;
            if (left <= 0) {
                end.accept(EndReason.IDLE_TIMEOUT);
            } else {
                watchIdle(left);
            }
        });
    }
}
