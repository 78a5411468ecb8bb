package dev.berth.session.machine;

import dev.berth.protocol.SessionStatus.EndReason;
import java.util.Optional;

/**
 * The use of a session: its clients, and the time of the last use. A value.
 *
 * @param usedNanos the last use
 * @param leftNanos when the last CDP client left
 * @param openActions actions that run or wait
 * @param doubted a presence check runs, after which the session ends for this reason
 */
public record SessionUse(
        CdpClients clients, long usedNanos, long leftNanos, int openActions, Optional<EndReason> doubted) {
    static final SessionUse NEW = new SessionUse(CdpClients.NONE, 0, 0, 0, Optional.empty());

    SessionUse with(CdpClients newClients) {
        return new SessionUse(newClients, usedNanos, leftNanos, openActions, doubted);
    }

    SessionUse used(Moment at) {
        return new SessionUse(clients, at.monotonicNanos(), leftNanos, openActions, doubted);
    }

    SessionUse left(Moment at) {
        return new SessionUse(clients, usedNanos, at.monotonicNanos(), openActions, doubted);
    }

    SessionUse acting(int change) {
        return new SessionUse(clients, usedNanos, leftNanos, openActions + change, doubted);
    }

    SessionUse doubting(EndReason reason) {
        return new SessionUse(clients, usedNanos, leftNanos, openActions, Optional.of(reason));
    }

    long idleMillis(Moment now) {
        return now.millisSince(usedNanos);
    }

    /** How long the CDP clients have been away; any other use of the session restarts the count. */
    long awayMillis(Moment now) {
        return Math.min(now.millisSince(leftNanos), idleMillis(now));
    }
}
