package dev.berth.browser;

import dev.berth.clock.LivedTime;
import dev.berth.protocol.BerthException;

/** Several steps share one timeout. */
final class Deadline {
    private static final long PAUSE_MILLIS = 30;
    private static final long GRACE_MILLIS = 3_000;

    private final long millis;
    private final long graceMillis;
    private final long startNanos = LivedTime.nanos();

    Deadline(long millis) {
        this(millis, 0);
    }

    private Deadline(long millis, long graceMillis) {
        this.millis = millis;
        this.graceMillis = graceMillis;
    }

    /** Of work that looks at the time itself, and knows better what it waited for: it is cut off only where it does not. */
    static Deadline selfWatched(long millis) {
        return new Deadline(millis, GRACE_MILLIS);
    }

    /** When the work is cut off, in milliseconds from now. */
    long cutOff() {
        return left() + graceMillis;
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
        return (LivedTime.nanos() - startNanos) / 1_000_000;
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
