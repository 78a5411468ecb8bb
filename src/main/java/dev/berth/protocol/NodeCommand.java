package dev.berth.protocol;

import dev.berth.protocol.SessionStatus.EndReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A command to the supervisor of a node, on {@link Addresses#node}.
 *
 * @param <R> its reply
 */
public sealed interface NodeCommand<R extends NodeReply>
        permits CreateSession,
                NodeCommand.DescribeNode,
                NodeCommand.DrainNode,
                NodeCommand.UndrainNode,
                NodeCommand.EndLost {
    /** Asks for the status of the node. */
    record DescribeNode() implements NodeCommand<NodeStatus> {}

    /**
     * Tells the node to take no new sessions, and to end those that are still there after a while with
     * {@link EndReason#NODE_DRAINED}. Replied to at once. Where it is repeated, the earlier end holds.
     *
     * @param patienceMillis how long sessions may go on
     */
    record DrainNode(long patienceMillis) implements NodeCommand<NodeStatus> {
        public static final long MAX_PATIENCE_MILLIS = 86_400_000;

        public DrainNode {
            Require.within("patienceMillis", patienceMillis, 0, MAX_PATIENCE_MILLIS);
        }
    }

    /**
     * Tells the node to take new sessions again, after a {@link DrainNode}; sessions that are being ended end nevertheless. Fails with
     * {@link ErrorCode#CONFLICT} where the node is being stopped.
     */
    record UndrainNode() implements NodeCommand<NodeStatus> {}

    /**
     * Tells a node that a session does not answer, though its row names that node. Replied to once the row says that the session
     * has ended. Fails with {@link ErrorCode#NOT_READY} where the node still holds the session.
     */
    record EndLost(SessionId sessionId) implements NodeCommand<NodeReply.LostEnded> {
        public EndLost {
            Require.present("sessionId", sessionId);
        }
    }

    /**
     * Published on {@link Addresses#DRAINING} by a node of a cluster when it begins to drain. Its {@link NodeStatus} tells that too, to the
     * others a few seconds later.
     *
     * @param machineId the node
     */
    public record NodeDrains(String machineId) {
        public NodeDrains {
            Require.id("machineId", machineId);
        }
    }

    /**
     * The status of one node.
     *
     * @param machineId the node
     * @param capacity the maximum of sessions
     * @param creating sessions whose Chrome is not up yet
     * @param running sessions whose Chrome is up
     * @param queued sessions that wait for a place and that it was asked for
     * @param warm started Chromes without a session
     * @param created sessions accepted since the node started
     * @param chrome product and version of its Chrome, as tried at start-up
     * @param sandboxed false only where the operator has switched off Chrome's sandbox
     * @param draining whether it takes no new sessions: see {@link NodeCommand.DrainNode}
     */
    public record NodeStatus(
            String machineId,
            int capacity,
            int creating,
            int running,
            int queued,
            int warm,
            long created,
            String chrome,
            boolean sandboxed,
            boolean draining)
            implements NodeReply {}

    /**
     * A node of a cluster, as it last told of itself.
     *
     * @param status its sessions and room, a few seconds old
     * @param host at which other nodes reach it
     * @param requestPort where it takes the requests that other nodes pass on
     */
    public record ClusterNode(NodeStatus status, String host, int requestPort) {
        public ClusterNode {
            Require.present("status", status);
            Require.present("host", host);
        }

        public String machineId() {
            return status.machineId();
        }
    }

    /** The nodes of the cluster that are alive, this one too. Thread-safe; answers at once, from what it heard last. */
    public interface ClusterNodes {
        /** The living nodes, in the order of their names. */
        List<ClusterNode> living();

        default Optional<ClusterNode> living(String machineId) {
            return living().stream()
                    .filter(node -> node.machineId().equals(machineId))
                    .findAny();
        }
    }

    /**
     * The reply to {@link CreateSession}, sent before Chrome is up.
     *
     * @param sessionId the new session, or that of an earlier request with the same {@code Idempotency-Key}
     * @param status {@code creating}, or the status of the earlier session
     * @param machineId the node that holds it; while it waits for a place, the one that was asked
     * @param createdAt when it was accepted
     * @param expiresAt when its lifetime ends
     */
    public record SessionAccepted(
            SessionId sessionId, SessionStatus status, String machineId, Instant createdAt, Instant expiresAt)
            implements NodeReply {}
}
