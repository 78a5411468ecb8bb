package dev.berth.story;

import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryKind;
import io.vertx.core.Future;
import java.util.List;

/** What is kept of one session's story. Results come on the caller's context. */
public interface StoredStory {
    /** The next entries of a kind, from {@code offset} on. Empty if there are none. A log entry is an event of its own. */
    Future<List<SessionEvent>> read(StoryKind kind, long offset);

    /** The position after all entries so far, and before the end of the session. */
    Future<StoryCursor> end();
}
