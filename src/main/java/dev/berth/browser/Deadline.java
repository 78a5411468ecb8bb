package dev.berth.browser;

import dev.berth.protocol.BerthException;

/** Several steps share one timeout. */
final class Deadline {
    private static final long PAUSE_MILLIS = 30;

    private final long millis;
    private final long startNanos = System.nanoTime();

    Deadline(long millis) {
        this.millis = millis;
    }

    /** What was given, in milliseconds. */
    long millis() {
        return millis;
    }

    /** Milliseconds; never less than one, so that the step which is too late says so itself. */
    long left() {
        return Math.max(1, millis - passed());
    }

    private long passed() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    boolean over() {
        return passed() >= millis;
    }

    /** Blocks for a moment before another try; throws {@code late} where there is no time for one. For the lane's thread. */
    void pauseOr(BerthException late) throws InterruptedException {
        if (over()) {
            throw late;
        }
        Thread.sleep(Math.min(PAUSE_MILLIS, left()));
    }
}
