package dev.berth.session.machine;

/**
 * The use of a session: its clients, and the time of the last use. A value.
 *
 * @param usedNanos the last use
 * @param leftNanos when the last CDP client left
 * @param openActions actions that run or wait
 * @param askingPresence a presence check runs, after which the session ends because its CDP clients left
 */
public record SessionUse(CdpClients clients, long usedNanos, long leftNanos, int openActions, boolean askingPresence) {
    static final SessionUse NEW = new SessionUse(CdpClients.NONE, 0, 0, 0, false);

    SessionUse with(CdpClients newClients) {
        return new SessionUse(newClients, usedNanos, leftNanos, openActions, askingPresence);
    }

    SessionUse used(Moment at) {
        return new SessionUse(clients, at.monotonicNanos(), leftNanos, openActions, askingPresence);
    }

    SessionUse left(Moment at) {
        return new SessionUse(clients, usedNanos, at.monotonicNanos(), openActions, askingPresence);
    }

    SessionUse acting(int change) {
        return new SessionUse(clients, usedNanos, leftNanos, openActions + change, askingPresence);
    }

    SessionUse asking() {
        return new SessionUse(clients, usedNanos, leftNanos, openActions, true);
    }

    long idleMillis(Moment now) {
        return now.millisSince(usedNanos);
    }

    /** How long the CDP clients have been away; any other use of the session restarts the count. */
    long awayMillis(Moment now) {
        return Math.min(now.millisSince(leftNanos), idleMillis(now));
    }
}
