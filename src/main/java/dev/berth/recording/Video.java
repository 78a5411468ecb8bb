package dev.berth.recording;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A finished video.
 *
 * @param durationMillis from the first frame until the last one is no longer shown
 * @param startedAt when its first frame was painted
 */
public record Video(Path path, long bytes, long durationMillis, Instant startedAt) {
    /** The time until which the last frame is shown. */
    public Instant endedAt() {
        return startedAt.plusMillis(durationMillis);
    }
}
