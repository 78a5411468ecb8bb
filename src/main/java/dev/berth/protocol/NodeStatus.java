package dev.berth.protocol;

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
