package dev.berth.session;

import dev.berth.clock.LivedTime;
import dev.berth.protocol.EndReason;
import dev.berth.session.machine.SessionProfile;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Ends a session that is not used, that its CDP clients left, or that is too old. On the session's context. */
final class SessionTimers {
    private final Vertx vertx;
    private final SessionProfile profile;
    private final Consumer<EndReason> end;
    private long usedAtNanos = LivedTime.nanos();
    private long stops = LivedTime.stops();
    private long idleTimer = -1;
    private long lifetimeTimer = -1;
    private long reconnectTimer = -1;
    private long leftAtNanos;

    SessionTimers(Vertx vertx, SessionProfile profile, Consumer<EndReason> end) {
        this.vertx = vertx;
        this.profile = profile;
        this.end = end;
    }

    void start() {
        long left =
                Math.max(1, Duration.between(Instant.now(), profile.expiresAt()).toMillis());
        lifetimeTimer = vertx.setTimer(left, ignored -> end.accept(EndReason.MAX_LIFETIME));
    }

    /** Its browser is up: from now on somebody can use it. */
    void running() {
        used();
        watchIdle(profile.options().timeouts().idle());
    }

    /** Somebody uses the session. */
    void used() {
        usedAtNanos = LivedTime.nanos();
    }

    void stop() {
        vertx.cancelTimer(lifetimeTimer);
        vertx.cancelTimer(idleTimer);
        vertx.cancelTimer(reconnectTimer);
    }

    /** A CDP client is there. */
    void clientCame() {
        vertx.cancelTimer(reconnectTimer);
        used();
    }

    /** The last CDP client has left: it, or anybody else, has a while to come back. */
    void clientsLeft() {
        leftAtNanos = LivedTime.nanos();
        vertx.cancelTimer(reconnectTimer);
        watchReconnect(profile.options().timeouts().reconnect());
    }

    /** Using the session otherwise starts the grace again. */
    private void watchReconnect(long millis) {
        reconnectTimer = vertx.setTimer(Math.max(1, millis), ignored -> {
            startAnewAfterAStop();
            long lastSign = Math.max(leftAtNanos - usedAtNanos, 0) + usedAtNanos;
            long away = (LivedTime.nanos() - lastSign) / 1_000_000;
            long left = profile.options().timeouts().reconnect() - away;
            if (left <= 0) {
                end.accept(EndReason.CLIENT_DISCONNECTED);
            } else {
                watchReconnect(left);
            }
        });
    }

    /** What somebody sent while the process was stopped is not read yet. */
    private void startAnewAfterAStop() {
        long now = LivedTime.stops();
        if (now != stops) {
            stops = now;
            used();
        }
    }

    /** One timer, set again for what is left: using a session costs nothing. */
    private void watchIdle(long millis) {
        idleTimer = vertx.setTimer(Math.max(1, millis), ignored -> {
            startAnewAfterAStop();
            long idle = (LivedTime.nanos() - usedAtNanos) / 1_000_000;
            long left = profile.options().timeouts().idle() - idle;
            if (left <= 0) {
                end.accept(EndReason.IDLE_TIMEOUT);
            } else {
                watchIdle(left);
            }
        });
    }
}
