package dev.berth.browser;

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

    private long dueAtNanos;
    private long restUntilNanos;
    private long mostFree;

    DiskPacing(long nowNanos, long free) {
        dueAtNanos = nowNanos + LONGEST_NANOS;
        restUntilNanos = nowNanos;
        mostFree = free;
    }

    /** @param free bytes; less than 0 where they are too few */
    boolean due(long nowNanos, long free) {
        mostFree = Math.max(mostFree, free);
        boolean grown = free < 0 || mostFree - free >= GROWTH_BYTES;
        return nowNanos - dueAtNanos >= 0 || grown && nowNanos - restUntilNanos >= 0;
    }

    void measured(long begunNanos, long nowNanos, long free) {
        dueAtNanos = nowNanos + Math.max(LONGEST_NANOS, LONG_REST * (nowNanos - begunNanos));
        restUntilNanos = nowNanos + REST * (nowNanos - begunNanos);
        mostFree = free;
    }
}
