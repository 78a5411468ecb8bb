package dev.berth.session.machine;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.EndReason;
import java.time.Instant;

/** What happens to a session. */
public sealed interface SessionInput {
    /** Its Chrome is up. */
    record BrowserUp(Instant at) implements SessionInput {}

    /** Its Chrome did not come up. */
    record LaunchFailed(String detail) implements SessionInput {}

    /** Its Chrome is gone, unasked. */
    record BrowserGone(String detail) implements SessionInput {}

    /** Its Chrome takes too much memory. */
    record MemoryOutgrown(String detail) implements SessionInput {}

    /** It takes too much of the disk. */
    record DiskOutgrown(String detail) implements SessionInput {}

    /** It waits for a place, as the so-manieth; 0 when it has one. */
    record Queued(int position) implements SessionInput {}

    /** No place became free in time. */
    record QueueTimedOut(long millis) implements SessionInput {}

    /** Somebody, or a timer, wants it to end. */
    record EndRequested(EndReason reason) implements SessionInput {}

    /** Chrome is gone and all that it left is safe. */
    record CleanedUp(Instant at) implements SessionInput {}

    record PageNavigated(String pageId, String url, Instant at) implements SessionInput {}

    record PageChanged(String pageId, String url, String title, boolean active) implements SessionInput {}

    record ActionDone(ActionEntry action) implements SessionInput {}
}
