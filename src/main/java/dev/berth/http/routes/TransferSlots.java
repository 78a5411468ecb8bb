package dev.berth.http.routes;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The artifacts that are being sent, each in a slot: so many in all, so many to the links of one API key, and none to a client
 * that takes hardly anything and keeps a slot from others. On one event loop.
 */
final class TransferSlots {
    static final int MAX = 64;
    /** So that nobody, with the links of one key, keeps out who has others. */
    static final int MAX_OF_KEY = 16;

    /** A client that takes less in {@link #WINDOW_NANOS} is no download: 55 KiB a second. */
    static final long MIN_BYTES = 32L << 20;

    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LongSupplier nanoClock;
    private final Set<Slot> taken = new HashSet<>();
    private final Map<Long, Integer> ofKeys = new HashMap<>();

    TransferSlots(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Fails where there is none.
     *
     * @param keyId of the key that the link was given to
     * @param end ends the transfer, of which too little goes out
     */
    Slot take(long keyId, Runnable end) {
        if (ofKeys.getOrDefault(keyId, 0) >= MAX_OF_KEY) {
            throw new BerthException(
                    ErrorCode.LIMIT_REACHED,
                    "an API key may have " + MAX_OF_KEY + " artifacts sent at once; try again");
        }
        if (taken.size() >= MAX) {
            throw new BerthException(ErrorCode.NOT_READY, "too many artifacts are being sent; try again");
        }
        Slot slot = new Slot(keyId, end);
        taken.add(slot);
        ofKeys.merge(keyId, 1, Integer::sum);
        return slot;
    }

    /** Ends those of which too little went out; to be called now and then. */
    void sweep() {
        List.copyOf(taken).stream().filter(Slot::isTooSlow).forEach(slot -> slot.end.run());
    }

    final class Slot {
        private final long keyId;
        private final Runnable end;
        private long since = nanoClock.getAsLong();
        private long sentBytes;

        private Slot(long keyId, Runnable end) {
            this.keyId = keyId;
            this.end = end;
        }

        /** So many more bytes went out. */
        void sent(long bytes) {
            sentBytes += bytes;
        }

        private boolean isTooSlow() {
            long now = nanoClock.getAsLong();
            if (now - since < WINDOW_NANOS) {
                return false;
            }
            boolean slow = sentBytes < MIN_BYTES;
            since = now;
            sentBytes = 0;
            return slow;
        }

        /** Repeating it is harmless. */
        void giveBack() {
            if (taken.remove(this)) {
                ofKeys.computeIfPresent(keyId, (key, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}
