package dev.berth.session.machine;

import java.time.Instant;

/**
 * The time of an input.
 *
 * @param wall wall-clock time
 * @param monotonicNanos as of {@link System#nanoTime}; only differences have a meaning
 */
public record Moment(Instant wall, long monotonicNanos) {
    private static final long MILLI = 1_000_000;

    long millisSince(long earlierNanos) {
        return (monotonicNanos - earlierNanos) / MILLI;
    }
}
