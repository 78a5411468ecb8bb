package dev.berth.http.routes;

import dev.berth.http.request.Tally;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The artifacts that are being sent, each in a slot. Bounds them in total and per API key, and ends transfers that are too
 * slow. For any thread.
 */
final class TransferSlots {
    static final int MAX = 64;
    /** So that the links of one key can't take all slots. */
    static final int MAX_OF_KEY = 16;

    /** A client that takes less in {@link #WINDOW_NANOS} (55 KiB a second) is cut off. */
    static final long MIN_BYTES = 32L << 20;

    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LongSupplier nanoClock;
    // Guarded by this.
    private final Set<Slot> taken = new HashSet<>();
    private final Tally<Long> ofKeys = new Tally<>(MAX_OF_KEY);

    TransferSlots(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Takes a slot; throws {@link BerthException} where none is free.
     *
     * @param keyId of the key that the link was issued for
     * @param end ends a transfer that is too slow; called on any thread
     */
    synchronized Slot take(long keyId, Runnable end) {
        if (taken.size() >= MAX) {
            throw new BerthException(ErrorCode.NOT_READY, "too many artifacts are being sent; try again");
        }
        if (!ofKeys.tryAdd(keyId)) {
            throw new BerthException(
                    ErrorCode.LIMIT_REACHED,
                    "an API key may have at most " + MAX_OF_KEY + " artifacts sent at once; try again");
        }
        Slot slot = new Slot(keyId, end);
        taken.add(slot);
        return slot;
    }

    private synchronized List<Slot> tooSlow() {
        return taken.stream().filter(Slot::isTooSlow).toList();
    }

    private synchronized void giveBack(Slot slot) {
        if (taken.remove(slot)) {
            ofKeys.remove(slot.keyId);
        }
    }

    /** Ends the transfers that are too slow. Call it periodically. */
    void sweep() {
        tooSlow().forEach(slot -> slot.end.run());
    }

    final class Slot {
        private final long keyId;
        private final Runnable end;
        private long since = nanoClock.getAsLong();
        private final AtomicLong sentBytes = new AtomicLong();

        private Slot(long keyId, Runnable end) {
            this.keyId = keyId;
            this.end = end;
        }

        /** Counts bytes that were sent. */
        void sent(long bytes) {
            sentBytes.addAndGet(bytes);
        }

        private boolean isTooSlow() {
            long now = nanoClock.getAsLong();
            if (now - since < WINDOW_NANOS) {
                return false;
            }
            since = now;
            return sentBytes.getAndSet(0) < MIN_BYTES;
        }

        /** May be called again. */
        void giveBack() {
            TransferSlots.this.giveBack(this);
        }
    }
}
