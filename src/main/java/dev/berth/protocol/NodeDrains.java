package dev.berth.protocol;

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
