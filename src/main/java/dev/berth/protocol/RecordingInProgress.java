package dev.berth.protocol;

import java.time.Instant;

/**
 * A recording that is running.
 *
 * @param objectId of its artifact, which is {@code pending} until the recording ends
 */
public record RecordingInProgress(String objectId, Instant startedAt) {
    public RecordingInProgress {
        Require.present("objectId", objectId);
        Require.present("startedAt", startedAt);
    }
}
