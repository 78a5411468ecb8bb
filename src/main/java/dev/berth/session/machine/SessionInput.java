package dev.berth.session.machine;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry.RecordingInProgress;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.machine.SessionState.Changed;
import java.time.Instant;
import java.util.Optional;

/** An input: something that happens to a session. */
public sealed interface SessionInput {
    /** The session can be reached at its address. */
    record Opened() implements SessionInput {}

    /** The browser is up. */
    record BrowserUp(Moment at) implements SessionInput {}

    /** The browser did not start. */
    record LaunchFailed(String detail) implements SessionInput {}

    /** The browser is gone without having been ended. */
    record BrowserGone(String detail) implements SessionInput {}

    /** The browser uses more memory than it may. */
    record MemoryOutgrown(String detail) implements SessionInput {}

    /** The session uses more disk than it may. */
    record DiskOutgrown(String detail) implements SessionInput {}

    /** The end of the session was requested. */
    record EndRequested(EndReason reason) implements SessionInput {}

    /** The presence check is done; if the browser is gone, that was an input before this one. */
    record PresenceKnown() implements SessionInput {}

    record Commanded(SessionCommand<?> command, Moment at) implements SessionInput {}

    /** An action was answered, with success or failure. */
    record ActionAnswered() implements SessionInput {}

    record TimerFired(SessionTimer timer, Moment at) implements SessionInput {}

    record StepDone(ClosingStep step, Moment at) implements SessionInput {}

    record StepFailed(ClosingStep step, String detail, Moment at) implements SessionInput {}

    record PageNavigated(String pageId, String documentId, String url, Instant at) implements SessionInput {}

    /**
     * The document that a page shows has loaded.
     *
     * @param whole whether it had its {@code load} event, or its {@code DOMContentLoaded}
     */
    record DocumentLoaded(String documentId, boolean whole, Instant at) implements SessionInput {}

    record PageChanged(String pageId, String url, String title, boolean active) implements SessionInput {}

    /** A recording has begun, or none is running any more. */
    record RecordingChanged(Optional<RecordingInProgress> current) implements SessionInput {}

    /** The session has begun with its profile, or has saved it, or could not. */
    record ProfileChanged(ProfileOutcome outcome) implements SessionInput {}

    /** A client changed what it says of the session, or its timeouts; Postgres has that. */
    record Updated(SessionEvent.SessionUpdated event, Changed now) implements SessionInput {}

    /** An action was added to the log at this offset. */
    record ActionDone(long offset, ActionEntry action) implements SessionInput {}
}
