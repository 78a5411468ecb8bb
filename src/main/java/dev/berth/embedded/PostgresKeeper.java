package dev.berth.embedded;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Restarts the embedded Postgres if it has died. Committed data is kept, and clients reconnect. */
final class PostgresKeeper {
    private static final Logger log = LoggerFactory.getLogger(PostgresKeeper.class);
    private static final long LOOK_MILLIS = 500;
    private static final long FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_REST_NANOS = TimeUnit.SECONDS.toNanos(30);
    /**
     * A Postgres that ran this long did not die of the same cause as before, so the delay starts again at the minimum.
     */
    private static final long STEADY_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Vertx vertx;
    private final PostgresServer server;
    private final long timer;
    private volatile boolean looking;

    // Only one look runs at a time, and only it uses these.
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
                    .onFailure(e -> log.error("the embedded Postgres could not be restarted: {}", e.getMessage()))
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
            log.warn("the embedded Postgres had died and was restarted; its log is postgres.log in the data directory");
        }
        return null;
    }

    void close() {
        vertx.cancelTimer(timer);
    }
}
