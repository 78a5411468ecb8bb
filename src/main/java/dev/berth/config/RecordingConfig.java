package dev.berth.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Videos of sessions.
 *
 * @param ffmpeg the encoder; empty for the one that comes with Berth
 * @param max how many are recorded at the same time
 * @param firstUid first of the user ids that encoders get, one each, if the server runs as root
 * @param maxMib limit for a video; beyond it the video ends, not the session
 * @param maxMillis limit for the length of a video, likewise
 * @param recorded default for {@code options.recording}
 * @param flightRecorder default for {@code options.flightRecorder}
 */
public record RecordingConfig(
        Optional<Path> ffmpeg,
        int max,
        int firstUid,
        int maxMib,
        long maxMillis,
        Recorded recorded,
        boolean flightRecorder) {
    private static final long HOUR_MILLIS = 3_600_000;
    /** Encoders have the user ids from {@code firstUid} up; Chromes have those from 61,000 up. */
    private static final int MAX_ENCODERS = 100;
    /** A page that always moves takes a fifth of a core, and 130 MiB. */
    private static final int PER_CORE = 4;

    static RecordingConfig read(Settings settings) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new RecordingConfig(
                settings.path("ffmpeg.path"),
                settings.integer("recording.max", Math.min(PER_CORE * cores, MAX_ENCODERS), 0, MAX_ENCODERS),
                settings.integer("recording.first-uid", 60_880, 1_000, 2_000_000_000),
                settings.integer("recording.max-mib", 512, 1, 1 << 20),
                settings.number("recording.max-millis", 4 * HOUR_MILLIS, 1_000, 30L * 24 * HOUR_MILLIS),
                settings.text("recording").map(Recorded::of).orElse(Recorded.NOT),
                settings.flag("flight-recorder", false));
    }

    /** Whether a session is recorded from its start to its end, and for whom. */
    public enum Recorded {
        NOT("false"),
        ALWAYS("true"),
        /** The recording is kept only where the session fails, or its client says so. */
        ON_FAILURE("onFailure");

        private final String wireName;

        Recorded(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        /** Throws {@link ConfigException} where {@code text} is none. */
        public static Recorded of(String text) {
            return Stream.of(values())
                    .filter(one -> one.wireName.equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new ConfigException("recording", "must be true, false or onFailure, not '" + text + "'"));
        }
    }

    public long maxBytes() {
        return (long) maxMib << 20;
    }
}
