package dev.berth.session.record;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;

/**
 * How many encoders one session may have: one that records, and one that finishes, or that writes what the flight recorder remembers.
 * Otherwise one session that starts and stops in a loop could take all those of the node. Runs on the session's context.
 */
final class EncoderPlaces {
    private static final int MAX = 2;

    private int taken;

    /** Whether there was one left. */
    boolean take() {
        boolean free = taken < MAX;
        taken += free ? 1 : 0;
        return free;
    }

    static BerthException refusal() {
        return new BerthException(
                ErrorCode.LIMIT_REACHED,
                "the session is making " + MAX + " recordings already, the most it may at a time;"
                        + " try again when one of them is stored");
    }

    void giveBack() {
        taken--;
    }
}
