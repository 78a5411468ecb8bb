package dev.berth.history;

/**
 * Names the registration by which this process is its node. Statements that claim sessions and tasks, or end those that this node does not
 * run, name it, so that a node that was declared lost does neither. A Berth outside a cluster has none, and is never lost. Thread-safe.
 */
public final class NodeEpoch {
    /** The epoch of a Berth outside a cluster. */
    public static final NodeEpoch NONE = new NodeEpoch();

    private volatile Long number;

    /** To be called once, before the first session is created. */
    public void registered(long epoch) {
        number = epoch;
    }

    /** A condition in SQL: this process still is the node {@code machineId}. True outside a cluster. */
    public static String isMine(String machineId, String epoch) {
        return "(" + epoch + "::bigint is null or exists (select from nodes where machine_id = " + machineId
                + " and epoch = " + epoch + "))";
    }

    /** For SQL: null outside a cluster. */
    public Long orNull() {
        return number;
    }
}
