package dev.berth.protocol;

/**
 * A command to the supervisor of a node, on {@link Addresses#node}.
 *
 * @param <R> its reply
 */
public sealed interface NodeCommand<R extends NodeReply>
        permits CreateSession, NodeCommand.DescribeNode, NodeCommand.DrainNode, NodeCommand.EndLost {
    /** Asks for the status of the node. */
    record DescribeNode() implements NodeCommand<NodeStatus> {}

    /**
     * Tells the node to take no new sessions, and to end those that are still there after a while with
     * {@link EndReason#NODE_DRAINED}. Replied to at once. It can't be taken back; where it is repeated, the earlier end holds.
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
     * Tells a node that a session does not answer, though its row names that node. Replied to once the row says that the session
     * has ended. Fails with {@link ErrorCode#NOT_READY} where the node still holds the session.
     */
    record EndLost(SessionId sessionId) implements NodeCommand<NodeReply.LostEnded> {
        public EndLost {
            Require.present("sessionId", sessionId);
        }
    }
}
