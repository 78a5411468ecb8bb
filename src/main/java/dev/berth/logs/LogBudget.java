package dev.berth.logs;

import dev.berth.limits.MemoryBudget;
import dev.berth.metrics.CaptureCounts;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the bytes of log entries that all sessions of a node hold in memory, beyond what each may hold in any case,
 * and the bytes that are in flight to followers. Thread-safe.
 */
public final class LogBudget {
    private final long maxBytes;
    private final MemoryBudget batches;
    private final CaptureCounts counts;
    private final AtomicLong held = new AtomicLong();

    /** @param counts what the logs take in */
    LogBudget(long heapBytes, CaptureCounts counts) {
        this.counts = counts;
        this.maxBytes = heapBytes / 8;
        this.batches = MemoryBudget.ofBatches(heapBytes, LogFollowers.BATCH_BYTES);
    }

    /** A budget of an eighth of the heap for waiting entries, and of a thirty-second for batches in flight. */
    public static LogBudget ofThisJvm(CaptureCounts counts) {
        return new LogBudget(Runtime.getRuntime().maxMemory(), counts);
    }

    /** The budget of the batches that followers have not answered yet. */
    MemoryBudget batches() {
        return batches;
    }

    CaptureCounts counts() {
        return counts;
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
