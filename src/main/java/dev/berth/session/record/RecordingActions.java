package dev.berth.session.record;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Log entries for recordings that begin or end without being asked to at that moment. */
final class RecordingActions {
    private RecordingActions() {}

    /** A recording that the session was created with could not begin. */
    static ActionEntry unstarted(ActionSource source, Throwable why) {
        String told = why instanceof BerthException known ? known.getMessage() : "the server failed to do it";
        return entry("start-recording", Map.of(), source, Optional.of(told));
    }

    /** A recording has met a limit. */
    static ActionEntry limited(ArtifactEntry artifact, ActionSource source, String limit) {
        return entry("stop-recording", Map.of("objectId", artifact.objectId()), source, Optional.of(limit));
    }

    /** What the flight recorder held was kept because the session failed. */
    static ActionEntry kept(ArtifactEntry artifact, ActionSource source) {
        return entry("keep-recording", Map.of("objectId", artifact.objectId()), source, Optional.empty());
    }

    private static ActionEntry entry(
            String type, Map<String, Object> details, ActionSource source, Optional<String> error) {
        return new ActionEntry(
                ActionEntry.newId(), type, Instant.now(), error.isEmpty(), details, 0, source, error, Cost.NONE);
    }
}
