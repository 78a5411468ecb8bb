package dev.berth.history;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionEvent.SessionEnded;
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
import java.util.Set;
import java.util.function.IntSupplier;

/** What sessions and their node write to the history, and what is read of their stories. The repositories implement it with SQL, tests with fakes. */
public interface SessionHistory {
    /** The sessions' own rows. */
    interface Sessions {
        /**
         * Claims a session for this node, before its Chrome starts. Gives the earlier session if its idempotency key was used before with
         * the same request; fails with {@code CONFLICT} if that was another request, or if the id is that of another session, or of one
         * that another node claimed. Idempotent: a claim of this node whose answer was lost is found.
         */
        Future<SessionAccepted> claim(CreateSession request, SessionAccepted accepted);

        /** The session of an earlier request with the same idempotency key; fails with {@code CONFLICT} if that was another request. */
        Future<Optional<SessionAccepted>> findRepeated(CreateSession request);

        /**
         * Writes the state of a live session, unless it is another node's by now. An ended one does not change any more, but for one
         * thing: its own node's word on its end replaces {@code node_lost}, with which others ended it.
         *
         * @return how many bytes it may still send and receive, with all sessions that its API key made in the same month; empty where
         *     its key has no such limit
         */
        Future<Optional<TrafficLeft>> save(SessionDescription session);

        /**
         * Writes the final state of an ended session of this node, also after others declared the node lost. Completes when Postgres has
         * it, or the disk if Postgres does not take it.
         *
         * @param navigations those that may not have been written, by their number in the session
         * @param usage of its Chrome
         */
        Future<Void> end(SessionDescription last, Map<Long, NavigationEntry> navigations, List<UsageSample> usage);
    }

    /**
     * What the sessions of an API key may still send and receive in a month.
     *
     * @param bytes 0 or less where nothing is left
     * @param limitMib of the key
     */
    record TrafficLeft(long bytes, long limitMib) {}

    /** Sessions that are recorded as a node's but do not run there. */
    interface Lost {
        /**
         * Removes the rows of failed claims, for example those whose answer was lost, and ends other sessions that this node does not run;
         * gives their number. Rows that wait for a place belong to no node, and stay.
         *
         * @param held the sessions that this node ran, or was about to run, at that time
         */
        Future<Integer> correct(Instant at, Collection<SessionId> held);
    }

    /**
     * The sessions that wait for a place: rows that no node holds until one claims them. The nodes of a cluster have one queue, a Berth
     * outside a cluster has its own.
     */
    interface Queue {
        /**
         * Writes the row of a session that waits. Gives the earlier session as {@link Sessions#claim} does; fails with {@code CAPACITY}
         * or {@code LIMIT_REACHED} where no more may wait.
         *
         * @param rows how many sessions may wait that this node was asked for, with this one
         * @param ofUser the same of its user; asked once those that wait are counted
         * @param millis how long it waits at the most
         */
        Future<SessionAccepted> enqueue(
                CreateSession request,
                SessionAccepted accepted,
                ActionSource source,
                int rows,
                IntSupplier ofUser,
                long millis);

        Future<Waiting> look();

        /** Claims the oldest for this node, at most so many, oldest first. One that the node does not begin is ended by {@link Lost#correct}. */
        Future<List<QueuedSession>> claim(int places);

        /** A session, as its row tells; it waits where it has a position in the queue. */
        Future<Optional<Found>> find(SessionId id);

        /** Those of these sessions that wait. */
        Future<Set<SessionId>> waiting(Collection<SessionId> ids);

        /** Ends a session that waits. Empty where it does not wait any more. */
        Future<Optional<Ended>> end(SessionId id, EndReason reason);

        /** Ends the sessions that only this node may claim and that end with it: those made by connecting. */
        Future<List<Ended>> endOwn(EndReason reason);

        /** Ends the sessions of all queues that have waited too long. */
        Future<List<Ended>> endLate();

        /** To be called once, before anything else. */
        void listen(QueueNews news);

        /**
         * The queue now.
         *
         * @param own how many wait that this node was asked for
         * @param claimable how many this node may claim
         * @param late whether sessions of any queue have waited too long
         */
        record Waiting(int own, int claimable, boolean late) {}

        /**
         * A session that waited and that this node has claimed. What it was created with was checked where it was.
         *
         * @param request with its secrets, and without the key by which it may be repeated
         * @param accepted names this node
         * @param source who created it
         */
        record QueuedSession(CreateSession request, SessionAccepted accepted, ActionSource source) {
            public SessionId id() {
                return accepted.sessionId();
            }
        }

        record Found(long userId, SessionDescription session) {
            public boolean waits() {
                return session.queuePosition().isPresent();
            }
        }

        /** A session that ended while it waited, or with its node. */
        record Ended(long userId, SessionEnded event) {
            public SessionId id() {
                return event.sessionId();
            }
        }
    }

    /** What is told of the queue, soon after; on any context. Nobody is told of what happens while the connection is lost. */
    interface QueueNews {
        /** A session waits for a place, or sessions may wait that this node has not heard of. */
        void waits();

        /** The session waits no more: a node has claimed it, or it has ended. */
        void left(SessionId id);
    }

    interface Navigations {
        /**
         * Writes navigations; those that exist are updated.
         *
         * @param navigations by their number in the session
         */
        Future<Void> save(SessionId id, Map<Long, NavigationEntry> navigations);
    }

    interface Actions {
        /**
         * Completes when the action is committed, or safe on disk if Postgres does not take it.
         *
         * @param seq its number in the session
         */
        Future<Void> append(SessionId id, long seq, ActionEntry action);
    }

    interface Artifacts {
        /**
         * Lists an artifact. Does nothing if it is listed already: a file may be given to pages twice.
         *
         * @param offset in the story of its session
         */
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

        /** Removes the files with this name that clients gave to a session, or that it downloaded; gives them. */
        Future<List<ArtifactEntry>> removeNamed(SessionId id, String fileName);

        /** Removes one file of a session. */
        Future<Void> remove(SessionId id, String objectId);
    }

    /** The index of the parts of logs that are in the object store. */
    interface LogChunks {
        /** Adds a part; does nothing if the index has it. */
        Future<Void> add(ChunkKey chunk);

        /**
         * The parts of one log with entries from {@code offset} on, at most {@code limit} entries, oldest first; and the last part, which
         * shows where the log ends.
         */
        Future<List<LogChunk>> list(SessionId id, LogKind kind, long offset, int limit);
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

    /** The stories of sessions, except for log entries, which are in chunks. */
    interface Stories {
        /** The entries of a kind from {@code offset} on in the order of offsets, at most {@code limit}; none if it is beyond the last. */
        Future<List<SessionEvent>> read(SessionId id, StoryKind kind, long offset, int limit);

        /** The position after all entries so far, and before the end of the session. */
        Future<StoryCursor> end(SessionId id);
    }
}
