package dev.berth.session.keep;

import dev.berth.memory.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the bytes of log entries that all sessions of a node hold in memory, beyond what each may hold in any case,
 * and the bytes that are in flight to followers. Thread-safe.
 */
public final class LogBudget {
    private final long maxBytes;
    private final MemoryBudget batches;
    private final AtomicLong held = new AtomicLong();

    LogBudget(long heapBytes) {
        this.maxBytes = heapBytes / 8;
        this.batches = MemoryBudget.ofBatches(heapBytes, LogFollowers.BATCH_BYTES);
    }

    /** A budget of an eighth of the heap for waiting entries, and of a thirty-second for batches in flight. */
    public static LogBudget ofThisJvm() {
        return new LogBudget(Runtime.getRuntime().maxMemory());
    }

    /** The budget of the batches that followers have not answered yet. */
    MemoryBudget batches() {
        return batches;
    }

    boolean isSpent() {
        return held.get() >= maxBytes;
    }

    /** @param bytes negative for entries that are no longer held */
    void add(long bytes) {
        held.addAndGet(bytes);
    }

    long held() {
        return held.get();
    }
}
