package dev.berth.cdpclient;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** Tells a session that its client is still connected, and whether it uses its Chrome. On one event loop. */
final class ClientLease {
    private static final long LEASE_MILLIS = 10_000;
    private static final long USED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Vertx vertx;
    private final CdpLink link;
    private final long timer;
    private long usedAtNanos = System.nanoTime();

    ClientLease(Vertx vertx, CdpLink link) {
        this.vertx = vertx;
        this.link = link;
        this.timer = vertx.setPeriodic(LEASE_MILLIS, ignored -> link.touch(false));
    }

    /** Frames have passed. Reported at most once a second. */
    void used() {
        long now = System.nanoTime();
        if (now - usedAtNanos >= USED_NANOS) {
            usedAtNanos = now;
            link.touch(true);
        }
    }

    void end() {
        vertx.cancelTimer(timer);
    }
}
