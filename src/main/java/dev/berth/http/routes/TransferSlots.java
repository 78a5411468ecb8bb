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
 * The artifacts that are being sent, each in a slot: so many in all, so many to the links of one API key, and none to a client
 * that takes hardly anything and keeps a slot from others. For any thread.
 */
final class TransferSlots {
    static final int MAX = 64;
    /** So that nobody, with the links of one key, keeps out who has others. */
    static final int MAX_OF_KEY = 16;

    /** A client that takes less in {@link #WINDOW_NANOS} is no download: 55 KiB a second. */
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
     * Fails where there is none.
     *
     * @param keyId of the key that the link was given to
     * @param end ends the transfer, of which too little goes out; called on any thread
     */
    synchronized Slot take(long keyId, Runnable end) {
        if (taken.size() >= MAX) {
            throw new BerthException(ErrorCode.NOT_READY, "too many artifacts are being sent; try again");
        }
        if (!ofKeys.tryAdd(keyId)) {
            throw new BerthException(
                    ErrorCode.LIMIT_REACHED,
                    "an API key may have " + MAX_OF_KEY + " artifacts sent at once; try again");
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

    /** Ends those of which too little went out; to be called now and then. */
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

        /** So many more bytes went out. */
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

        /** Repeating it is harmless. */
        void giveBack() {
            TransferSlots.this.giveBack(this);
        }
    }
}
