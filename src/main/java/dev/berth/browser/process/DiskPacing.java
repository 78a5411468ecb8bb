package dev.berth.browser.process;

import java.util.concurrent.TimeUnit;

/**
 * Decides when session folders are measured. Measuring them is expensive; reading the free space is cheap, and shows whether a
 * folder can have grown. Pure.
 */
final class DiskPacing {
    private static final long GROWTH_BYTES = 32L << 20;
    /** The longest time without a measurement: space that one session frees can hide what another writes. */
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** While the used space grows, the pause between measurements is this many times the last one's duration. */
    private static final int REST = 20;
    /** The same factor while it does not grow. Measuring a hundred folders takes 0.1 s. */
    private static final int LONG_REST = 500;

    /** A session that makes measuring slow must not escape it. */
    private static final long MAX_REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long MAX_LONG_REST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long REST_OF_FULL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long measuredAtNanos;
    private long restNanos;
    private long longRestNanos = LONGEST_NANOS;
    private long mostFree;

    DiskPacing(long nowNanos, long free) {
        measuredAtNanos = nowNanos;
        mostFree = free;
    }

    /** @param free bytes above the floor; negative when the disk is full */
    boolean due(long nowNanos, long free) {
        mostFree = Math.max(mostFree, free);
        long sinceNanos = nowNanos - measuredAtNanos;
        return sinceNanos >= longRestNanos
                || mostFree - free >= GROWTH_BYTES && sinceNanos >= restNanos
                || free < 0 && sinceNanos >= Math.min(restNanos, REST_OF_FULL_NANOS);
    }

    void measured(long begunNanos, long nowNanos, long free) {
        long tookNanos = nowNanos - begunNanos;
        measuredAtNanos = nowNanos;
        restNanos = Math.min(MAX_REST_NANOS, REST * tookNanos);
        longRestNanos = Math.max(LONGEST_NANOS, Math.min(MAX_LONG_REST_NANOS, LONG_REST * tookNanos));
        mostFree = free;
    }
}
