package dev.berth.protocol;

/**
 * Tells the supervisor on {@link Addresses#node} to take no new sessions, and to end those that are still there after a while with
 * {@link EndReason#NODE_DRAINED}. Replied to at once. It can't be taken back; where it is repeated, the earlier end holds.
 *
 * @param patienceMillis how long sessions may go on
 */
public record DrainNode(long patienceMillis) implements NodeCommand<NodeStatus> {
    public static final long MAX_PATIENCE_MILLIS = 86_400_000;

    public DrainNode {
        Require.within("patienceMillis", patienceMillis, 0, MAX_PATIENCE_MILLIS);
    }
}
