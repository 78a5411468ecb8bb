package dev.berth.session.machine;

import java.time.Instant;

/**
 * When something happens.
 *
 * @param wall by the clock on the wall
 * @param livedNanos by the time that the process has lived; of use for differences only
 */
public record Moment(Instant wall, long livedNanos) {
    private static final long MILLI = 1_000_000;

    long millisSince(long earlierNanos) {
        return (livedNanos - earlierNanos) / MILLI;
    }
}
