package dev.berth.session.machine;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.SessionCommand;
import java.time.Instant;

/** What happens to a session. */
public sealed interface SessionInput {
    /** It can be reached. */
    record Opened() implements SessionInput {}

    /** It waits for a place, with so many before it and itself; 0 when it has one. */
    record Queued(int position) implements SessionInput {}

    /** It has a place on the node. */
    record Placed() implements SessionInput {}

    /** Its browser is up. */
    record BrowserUp(Moment at) implements SessionInput {}

    /** Its browser did not come up. */
    record LaunchFailed(String detail) implements SessionInput {}

    /** Its browser is gone, unasked. */
    record BrowserGone(String detail) implements SessionInput {}

    /** Its browser takes too much memory. */
    record MemoryOutgrown(String detail) implements SessionInput {}

    /** It takes too much of the disk. */
    record DiskOutgrown(String detail) implements SessionInput {}

    /** Somebody wants it to end. */
    record EndRequested(EndReason reason) implements SessionInput {}

    /** If the browser is gone, that was told before. */
    record PresenceKnown() implements SessionInput {}

    record Commanded(SessionCommand<?> command, Moment at) implements SessionInput {}

    /** An action was answered, whatever came of it. */
    record ActionAnswered() implements SessionInput {}

    record TimerFired(SessionTimer timer, Moment at) implements SessionInput {}

    record StepDone(ClosingStep step, Moment at) implements SessionInput {}

    record StepFailed(ClosingStep step, String detail, Moment at) implements SessionInput {}

    record PageNavigated(String pageId, String url, Instant at) implements SessionInput {}

    record PageChanged(String pageId, String url, String title, boolean active) implements SessionInput {}

    /** An action is in the log, by this offset. */
    record ActionDone(long offset, ActionEntry action) implements SessionInput {}
}
