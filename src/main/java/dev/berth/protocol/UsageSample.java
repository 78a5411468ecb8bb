package dev.berth.protocol;

import java.time.Instant;

/**
 * What a session's Chrome used, by all its processes together.
 *
 * @param timestamp when it was measured
 * @param memoryMiB resident memory, without what the processes share
 * @param cpu processor time since the sample before, in cores: 1.0 is one core all the time
 */
public record UsageSample(Instant timestamp, double memoryMiB, double cpu) {
    public UsageSample {
        Require.present("timestamp", timestamp);
    }
}
