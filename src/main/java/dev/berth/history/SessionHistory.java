package dev.berth.history;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryKind;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What sessions and their node write to the history, and what is read of their stories. The repositories implement it with SQL, tests with fakes. */
public interface SessionHistory {
    /** The sessions' own rows. */
    interface Sessions {
        /**
         * Claims a session for this node. Gives the earlier session if its idempotency key was used before with the
         * same request; fails with {@code CONFLICT} if that was another request.
         */
        Future<SessionAccepted> claim(CreateSession request, SessionAccepted accepted);

        /** The session of an earlier request with the same idempotency key. */
        Future<Optional<SessionAccepted>> findRepeated(CreateSession request);

        Future<Void> save(SessionDescription session);

        /** Writes the final state of an ended session, with the navigations that are not written yet, and what its Chrome used. */
        Future<Void> end(SessionDescription last, Map<Long, NavigationEntry> navigations, List<UsageSample> usage);
    }

    /** Sessions that are recorded as a node's but do not run there. */
    interface Lost {
        /** Ends or removes such sessions; gives their number. */
        Future<Integer> correct(Instant at, Collection<SessionId> held);
    }

    /** Waiting sessions that one node gives to another: the session's row names its owner. */
    interface HandOvers {
        /** What the present process of a node is registered as; empty where there is none. */
        Future<Optional<Long>> epoch(String node);

        /**
         * Gives a waiting session of this node to the one that {@code session} names, if that is there in this epoch. Completes with the
         * session's owner where that is another node now, and empty where the session is this node's and stays so, whatever became of
         * earlier tries. A failure leaves open whose it is: then this is to be tried again, with the same arguments.
         */
        Future<Optional<String>> give(HandedSession session, long epoch);

        /** The waiting sessions that this node was given, whether or not it has taken them up. */
        Future<List<HandedSession>> given();
    }

    interface Navigations {
        /** @param navigations by their number in the session */
        Future<Void> save(SessionId id, Map<Long, NavigationEntry> navigations);
    }

    interface Actions {
        /** Completes when the action would survive the server. */
        Future<Void> append(SessionId id, long seq, ActionEntry action);
    }

    interface Artifacts {
        /** @param offset in the story of its session */
        Future<Void> add(SessionId id, long offset, ArtifactEntry artifact);

        /** Records the size of a recording that was listed before it was complete, and what time it covers. */
        Future<Void> complete(ArtifactEntry complete);

        /**
         * Records that the object store has the artifact's bytes.
         *
         * @param offset of this in the story of its session
         */
        Future<Void> stored(String objectKey, long offset);

        /** Like {@link #stored}, for an artifact of which nothing could be saved. */
        Future<Void> lost(String objectKey, long offset);
    }

    /** The index of the log chunks. */
    interface LogChunks {
        Future<Void> add(ChunkKey chunk);

        /** Completes when the index has all chunks that were added. */
        Future<Void> ready();

        /** Replaces the chunks that hold its entries by {@code merged}; gives whether it did. */
        Future<Boolean> replace(ChunkKey merged, String machineId);
    }

    /** What an earlier process of a node left unfinished. */
    interface Unfinished {
        /** The recordings of this node's sessions that are not stored. */
        Future<List<ArtifactEntry>> unfinished(String machineId);

        /** Whether the session ended because its server died. */
        Future<Boolean> isLost(SessionId id);

        Future<Void> announce(SessionId id, ArtifactEntry artifact);

        Future<Void> complete(ArtifactEntry complete);

        Future<Void> lost(String objectKey);
    }

    /** Objects that were replaced by others. */
    interface Replaced {
        /** The objects that were replaced more than {@code millis} ago. */
        Future<List<String>> due(long millis);

        Future<Void> forget(List<String> keys);
    }

    /** The stories of sessions, except for log entries, which are in chunks. */
    interface Stories {
        /** The entries of a kind from {@code offset} on in the order of offsets, at most {@code limit}. */
        Future<List<SessionEvent>> read(SessionId id, StoryKind kind, long offset, int limit);

        /** The position after all entries so far, and before the end of the session. */
        Future<StoryCursor> end(SessionId id);
    }
}
