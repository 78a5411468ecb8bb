package dev.berth.session;

/** Another node has the session now: who asks for it here is to be answered there. */
final class Moved extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String machineId;

    /** @param machineId the node */
    Moved(String machineId) {
        super("the session waits on node " + machineId + " now", null, false, false);
        this.machineId = machineId;
    }

    String machineId() {
        return machineId;
    }
}
