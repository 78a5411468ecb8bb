package dev.berth.session.machine;

/**
 * Who uses a session, and when somebody last did. A value.
 *
 * @param usedNanos when it was last used, in lived time
 * @param leftNanos when the last CDP client left
 * @param openActions those that run or wait
 * @param askingPresence it is to end as its CDP clients left, and the browser is being asked whether it is there
 */
public record SessionUse(CdpClients clients, long usedNanos, long leftNanos, int openActions, boolean askingPresence) {
    static final SessionUse NEW = new SessionUse(CdpClients.NONE, 0, 0, 0, false);

    SessionUse with(CdpClients newClients) {
        return new SessionUse(newClients, usedNanos, leftNanos, openActions, askingPresence);
    }

    SessionUse used(Moment at) {
        return new SessionUse(clients, at.livedNanos(), leftNanos, openActions, askingPresence);
    }

    SessionUse left(Moment at) {
        return new SessionUse(clients, usedNanos, at.livedNanos(), openActions, askingPresence);
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

    /** How long the CDP clients are away; using the session otherwise counts as a sign of them. */
    long awayMillis(Moment now) {
        return Math.min(now.millisSince(leftNanos), idleMillis(now));
    }
}
