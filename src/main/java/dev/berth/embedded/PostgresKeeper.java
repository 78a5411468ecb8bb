package dev.berth.embedded;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the embedded Postgres again where it has died: all that it had committed is there again, and whoever asks goes on. */
final class PostgresKeeper {
    private static final Logger log = LoggerFactory.getLogger(PostgresKeeper.class);
    private static final long LOOK_MILLIS = 500;
    private static final long FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_REST_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** One that ran for as long died of something else than the one before it. */
    private static final long STEADY_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Vertx vertx;
    private final PostgresServer server;
    private final long timer;
    private volatile boolean looking;

    // One look at a time has these.
    private long restNanos = FIRST_REST_NANOS;
    private long triedAtNanos = System.nanoTime() - STEADY_NANOS;

    PostgresKeeper(Vertx vertx, PostgresServer server) {
        this.vertx = vertx;
        this.server = server;
        this.timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
    }

    private void look() {
        if (!looking) {
            looking = true;
            vertx.executeBlocking(this::lookAndRevive, false)
                    .onFailure(e -> log.error("the embedded Postgres could not be started again: {}", e.getMessage()))
                    .onComplete(done -> looking = false);
        }
    }

    private Void lookAndRevive() throws IOException {
        long sinceTried = System.nanoTime() - triedAtNanos;
        if (sinceTried < restNanos || server.runs()) {
            return null;
        }
        restNanos = sinceTried > STEADY_NANOS ? FIRST_REST_NANOS : Math.min(2 * restNanos, LAST_REST_NANOS);
        triedAtNanos = System.nanoTime();
        if (server.revive()) {
            log.warn(
                    "the embedded Postgres had died, and is started again; its log is postgres.log in the data directory");
        }
        return null;
    }

    void close() {
        vertx.cancelTimer(timer);
    }
}
