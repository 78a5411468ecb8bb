package dev.berth.session.machine;

import java.time.Instant;

/**
 * The time of an input.
 *
 * @param wall wall-clock time
 * @param livedNanos lived time; only differences have a meaning
 */
public record Moment(Instant wall, long livedNanos) {
    private static final long MILLI = 1_000_000;

    long millisSince(long earlierNanos) {
        return (livedNanos - earlierNanos) / MILLI;
    }
}
