package dev.berth.history;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The sessions that wait for a place: rows that no node holds until one claims them. The nodes of a cluster have one queue, a Berth
 * outside a cluster has its own. Tests of the session have a queue in memory.
 */
public interface SessionQueue {
    /**
     * Writes the row of a session that waits. Gives the earlier session as {@link SessionClaims#claim} does; fails with {@code CAPACITY}
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

    /**
     * Claims the oldest waiting sessions for this node, oldest first, at most {@code places}. {@link LostSessions#correct} ends a claimed
     * session that the node does not begin.
     */
    Future<List<QueuedSession>> claim(int places);

    /** A session, as its row tells; it waits where it has a position in the queue. */
    Future<Optional<Found>> find(SessionId id);

    /** The sessions among {@code ids} that wait. */
    Future<Set<SessionId>> waiting(Collection<SessionId> ids);

    /** Ends a session that waits. Empty where it does not wait any more. */
    Future<Optional<Ended>> end(SessionId id, EndReason reason);

    /** Ends the sessions that only this node may claim and that end with it: those made by connecting. */
    Future<List<Ended>> endOwn(EndReason reason);

    /** Ends the sessions of all queues that have waited too long. */
    Future<List<Ended>> endLate();

    /** To be called once, before anything else. */
    void listen(News news);

    /**
     * The queue now.
     *
     * @param own how many wait that this node was asked for
     * @param claimable how many this node may claim
     * @param late whether sessions of any queue have waited too long
     */
    record Waiting(int own, int claimable, boolean late) {}

    /**
     * A session that waited and that this node has claimed. Its options were checked by the node that received the request.
     *
     * @param request with its secrets, and without the key by which it may be repeated
     * @param accepted names this node
     * @param source the door that the create came through
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

    /** The news of the queue, told soon after; on any context. Nobody is told of changes while the connection is lost. */
    interface News {
        /** A session waits for a place, or sessions may wait that this node has not heard of. */
        void waits();

        /** The session waits no more: a node has claimed it, or it has ended. */
        void left(SessionId id);
    }
}
