package dev.berth.protocol;

import java.time.Instant;

/**
 * The usage of a session's Chrome, by all its processes together.
 *
 * @param timestamp when it was measured
 * @param memoryMiB resident memory, without what the processes share
 * @param cpu processor time since the sample before, in cores: 1.0 is one core all the time
 */
public record UsageSample(Instant timestamp, double memoryMiB, double cpu) {
    public UsageSample {
        Require.present("timestamp", timestamp);
    }

    /**
     * The traffic of a session's Chrome.
     *
     * @param bytesIn bytes from servers
     * @param bytesOut bytes to servers
     * @param blocked connections that were refused by a rule
     */
    public record Traffic(long bytesIn, long bytesOut, long blocked) {
        public static final Traffic NONE = new Traffic(0, 0, 0);

        public Traffic plus(Traffic other) {
            return new Traffic(bytesIn + other.bytesIn, bytesOut + other.bytesOut, blocked + other.blocked);
        }
    }
}
