package dev.berth.history;

/**
 * Names the registration by which this process is its node: what a process writes for its sessions names this, so that a node that
 * was declared lost claims nothing and changes no row. A Berth outside a cluster has none, and is never lost. Thread-safe.
 */
public final class NodeEpoch {
    /** Of a Berth outside a cluster. */
    public static final NodeEpoch NONE = new NodeEpoch();

    private volatile Long number;

    /** To be called once, before the first session is created. */
    public void registered(long epoch) {
        number = epoch;
    }

    /** SQL that holds while this process is its node; what a claim needs, as what claims names its node. */
    static String isMine(String machineId, String epoch) {
        return "(" + epoch + "::bigint is null or exists (select from nodes where machine_id = " + machineId
                + " and epoch = " + epoch + "))";
    }

    /** For SQL: null outside a cluster. */
    public Long orNull() {
        return number;
    }
}
