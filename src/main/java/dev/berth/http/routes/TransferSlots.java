package dev.berth.http.routes;

import dev.berth.http.access.Holder;
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
 * The files that are being sent, each in a slot. Bounds them in total and per holder, and ends transfers that are too
 * slow. For any thread.
 */
public final class TransferSlots {
    /** So that the links of one key can't take all slots. */
    static final Limits ARTIFACTS = new Limits(64, 16, "an API key", "artifacts", ErrorCode.NOT_READY);

    /**
     * How many are sent at once.
     *
     * @param max of the node
     * @param maxEach of one holder
     * @param holder what one is called in errors
     * @param what they are called in errors
     * @param full the error where the node has no slot left
     */
    public record Limits(int max, int maxEach, String holder, String what, ErrorCode full) {}

    /** A client that takes less in {@link #WINDOW_NANOS} (55 KiB a second) is cut off. */
    static final long MIN_BYTES = 32L << 20;

    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LongSupplier nanoClock;
    private final Limits limits;
    // Guarded by this.
    private final Set<Slot> taken = new HashSet<>();
    private final Tally<Holder> ofHolders;
    private int byLinks;

    public TransferSlots(LongSupplier nanoClock, Limits limits) {
        this.nanoClock = nanoClock;
        this.limits = limits;
        this.ofHolders = new Tally<>(limits.maxEach());
    }

    /**
     * Takes a slot; throws {@link BerthException} where none is free. Links have at most half of them, so that some are left for keys.
     *
     * @param holder who has the slot
     * @param end ends a transfer that is too slow; called on any thread
     */
    public synchronized Slot take(Holder holder, Runnable end) {
        if (taken.size() >= limits.max() || holder.byLink() && byLinks >= limits.max() / 2) {
            throw new BerthException(limits.full(), "too many " + limits.what() + " are being sent; try again");
        }
        if (!ofHolders.tryAdd(holder)) {
            throw new BerthException(
                    ErrorCode.LIMIT_REACHED,
                    (holder.byLink() ? "a link" : limits.holder()) + " may have at most " + limits.maxEach() + " "
                            + limits.what() + " sent at once; try again");
        }
        Slot slot = new Slot(holder, end);
        taken.add(slot);
        byLinks += holder.byLink() ? 1 : 0;
        return slot;
    }

    private synchronized List<Slot> tooSlow() {
        return taken.stream().filter(Slot::isTooSlow).toList();
    }

    private synchronized void giveBack(Slot slot) {
        if (taken.remove(slot)) {
            ofHolders.remove(slot.holder);
            byLinks -= slot.holder.byLink() ? 1 : 0;
        }
    }

    /** Ends the transfers that are too slow. Call it periodically. */
    public void sweep() {
        tooSlow().forEach(slot -> slot.end.run());
    }

    public final class Slot {
        private final Holder holder;
        private final Runnable end;
        private long since = nanoClock.getAsLong();
        private final AtomicLong sentBytes = new AtomicLong();

        private Slot(Holder holder, Runnable end) {
            this.holder = holder;
            this.end = end;
        }

        /** Counts bytes that were sent. */
        public void sent(long bytes) {
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
        public void giveBack() {
            TransferSlots.this.giveBack(this);
        }
    }
}
