package dev.berth.live;

import dev.berth.metrics.ViewerCounts;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/**
 * Makes the viewers of sessions. For the event loop on which it is used.
 *
 * @param screens of the node's sessions
 * @param keeping stores the files that viewers give to pages
 */
public record Viewers(
        Vertx vertx, SessionScreens screens, FileKeeping keeping, SessionTasks tasks, ViewerCounts counts) {
    /**
     * A viewer that does not have its socket yet. Has no effect on the session before {@link Viewer#open}.
     *
     * @param sessions a client of the bus with the rights of this viewer
     * @param holder who has a share of the node's memory for files, whichever sessions its viewers watch
     * @param describe how a file of the session is told to this viewer
     */
    public Viewer viewer(
            SessionClient sessions,
            SessionId id,
            long holder,
            Rights rights,
            Function<ArtifactEntry, JsonObject> describe) {
        ViewedSession session = new ViewedSession(vertx.getOrCreateContext(), sessions, id);
        return new Viewer(this, session, describe, holder, rights);
    }
}
