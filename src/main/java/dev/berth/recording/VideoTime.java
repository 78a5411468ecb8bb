package dev.berth.recording;

import java.time.Duration;
import java.time.Instant;

/** Places frames in a video: its first frame is at 0, times rise, and none is in the future, whatever the browser's clock does. */
final class VideoTime {
    private final Instant startedAt;
    private long lastMillis = -1;

    VideoTime(Instant first, Instant now) {
        this.startedAt = earlier(first, now);
    }

    Instant startedAt() {
        return startedAt;
    }

    /** The place of a frame that was painted at {@code at}, in milliseconds. */
    long place(Instant at, Instant now) {
        return placeAt(Duration.between(startedAt, earlier(at, now)).toMillis());
    }

    /** The place of a frame that follows the last one after {@code millis}. */
    long placeAfter(long millis) {
        return placeAt(lastMillis + millis);
    }

    private long placeAt(long millis) {
        lastMillis = Math.max(lastMillis + 1, millis);
        return lastMillis;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
