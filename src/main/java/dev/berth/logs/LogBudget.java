package dev.berth.logs;

import dev.berth.limits.MemoryBudget;
import dev.berth.metrics.CaptureCounts;

/**
 * What all logs of a node share. Thread-safe.
 *
 * @param waiting bytes of entries in memory, beyond what each log may hold in any case
 * @param batches bytes that followers have not answered yet
 * @param counts what the logs take in
 */
public record LogBudget(MemoryBudget waiting, MemoryBudget batches, CaptureCounts counts) {
    LogBudget(long heapBytes, CaptureCounts counts) {
        this(new MemoryBudget(heapBytes / 8), MemoryBudget.ofBatches(heapBytes, LogFollowers.BATCH_BYTES), counts);
    }

    /** A budget of an eighth of the heap for waiting entries, and of a thirty-second for batches in flight. */
    public static LogBudget ofThisJvm(CaptureCounts counts) {
        return new LogBudget(Runtime.getRuntime().maxMemory(), counts);
    }

    boolean isSpent() {
        return waiting.usedBytes() >= waiting.maxBytes();
    }
}
