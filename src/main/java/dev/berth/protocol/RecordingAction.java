package dev.berth.protocol;

/**
 * An action on the session's video recordings. It runs at once, beside the actions on pages, because a page that hangs is worth
 * recording.
 *
 * @param <R> its reply
 */
public sealed interface RecordingAction<R extends SessionReply> extends SessionCommand.Action<R> {
    /** The timeout: longer than an encoder needs to start, or to finish a long file. */
    @Override
    default long timeout() {
        return 30_000;
    }

    /** Begins a recording of the active page, whichever that is at each time. If one is running, replies with that one. */
    record StartRecording() implements RecordingAction<ActionReply.RecordingResult> {}

    /**
     * Ends the recording; its file is stored then. Without a running one, replies with the last one, and fails with {@link
     * ErrorCode#CONFLICT} if there was none.
     */
    record StopRecording() implements RecordingAction<ActionReply.RecordingResult> {}

    /**
     * Makes a recording of what the flight recorder holds: the last half minute. Fails with
     * {@link ErrorCode#CONFLICT} if the session has no flight recorder, or it has no picture yet.
     */
    record KeepRecording() implements RecordingAction<ActionReply.RecordingResult> {}
}
