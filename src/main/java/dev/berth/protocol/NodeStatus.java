package dev.berth.protocol;

/**
 * How one node is.
 *
 * @param machineId the node
 * @param capacity how many sessions it holds at the most
 * @param creating sessions whose Chrome is not up yet
 * @param running sessions whose Chrome is up
 * @param queued sessions that wait for a place
 * @param warm Chromes that are up, and nobody's yet
 * @param created sessions accepted since the node started
 * @param chrome the product and version of its Chrome, from the Chrome that was tried at start-up
 * @param sandboxed false only where the operator switched Chrome's sandbox off
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
        boolean sandboxed)
        implements NodeReply {}
