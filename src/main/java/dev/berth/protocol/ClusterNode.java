package dev.berth.protocol;

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
