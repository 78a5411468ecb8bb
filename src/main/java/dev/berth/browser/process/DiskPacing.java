package dev.berth.browser.process;

import java.util.concurrent.TimeUnit;

/** When folders are measured, which costs: a look at what is free, which costs nothing, tells whether any can have grown. Pure. */
final class DiskPacing {
    private static final long GROWTH_BYTES = 32L << 20;
    /** What one session writes may be hidden by what another frees. */
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** While something grows, measuring rests for so many times as long as it took. */
    private static final int REST = 20;
    /** And while nothing does: a hundred folders take 0.1 s. */
    private static final int LONG_REST = 500;

    /** Who makes measuring long must not hide behind it. */
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

    /** @param free bytes; less than 0 where they are too few */
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
