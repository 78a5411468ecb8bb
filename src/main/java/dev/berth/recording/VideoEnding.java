package dev.berth.recording;

/** Why a recording ended. */
public enum VideoEnding {
    /** The recording was asked to end. */
    FINISHED("the recording was finished"),
    /** {@code recording.max-millis} is reached. */
    TIME_LIMIT("the recording has reached the longest time"),
    /** {@code recording.max-mib} is reached. */
    SIZE_LIMIT("the recording has reached the largest size"),
    /** The encoder died, was killed, or hung; the video has what it had written. */
    ENCODER_LOST("the encoder of the recording failed");

    private final String message;

    VideoEnding(String message) {
        this.message = message;
    }

    /** For users. */
    public String message() {
        return message;
    }
}
