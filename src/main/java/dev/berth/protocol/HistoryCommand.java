package dev.berth.protocol;

import dev.berth.protocol.StoryCursor.StoryKind;
import java.util.ArrayList;
import java.util.Set;

/**
 * A command about what is kept of a session, live or over, on {@link Addresses#HISTORY}: a node replies from the history. Fails with
 * {@link ErrorCode#SESSION_NOT_FOUND} where it has no such session, or the sender named an owner and the session is another's, and
 * with {@link ErrorCode#UNAVAILABLE} while Postgres or the object store does not answer.
 *
 * @param <R> its reply
 */
public sealed interface HistoryCommand<R extends HistoryReply> {

    /** Asks for a session as it was last written: the final state of one that is over; of a live one, at most a moment old. */
    record FindSession(SessionId sessionId) implements HistoryCommand<HistoryReply.SessionFound> {
        public FindSession {
            Require.present("sessionId", sessionId);
        }
    }

    /**
     * Reads a session's story on from a cursor, in the order in which it happened. A log entry is an event of its own here.
     *
     * @param from {@link StoryCursor#START}, or where the page before ended
     * @param kinds of the wanted entries
     * @param limit how many at most, 1 to {@value #MAX_EVENTS}; a page of large entries has fewer
     */
    record ReadStory(SessionId sessionId, StoryCursor from, Set<StoryKind> kinds, int limit)
            implements HistoryCommand<HistoryReply.StoryPage> {
        public static final int MAX_EVENTS = 1_000;

        public ReadStory {
            Require.present("sessionId", sessionId);
            Require.present("from", from);
            kinds = Set.copyOf(Require.elements(
                    "kinds", new ArrayList<>(Require.present("kinds", kinds)), 1, StoryKind.values().length));
            Require.within("limit", limit, 1, MAX_EVENTS);
        }
    }
}
