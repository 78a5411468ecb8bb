package dev.berth.recording;

import java.util.BitSet;
import java.util.OptionalInt;

/** The places for encoders. Each has a number, from which its user id follows. Any thread may call. */
final class Slots {
    private final BitSet taken = new BitSet();
    private final int count;

    Slots(int count) {
        this.count = count;
    }

    /** Empty if all are taken. */
    synchronized OptionalInt take() {
        int free = taken.nextClearBit(0);
        if (free >= count) {
            return OptionalInt.empty();
        }
        taken.set(free);
        return OptionalInt.of(free);
    }

    synchronized int taken() {
        return taken.cardinality();
    }

    synchronized void giveBack(int slot) {
        taken.clear(slot);
    }
}
