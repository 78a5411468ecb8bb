package dev.berth.session.keep;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the bytes of log entries that all sessions of a node hold in memory, beyond what each may hold in any case.
 * Thread-safe.
 */
public final class LogBudget {
    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    LogBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A budget of an eighth of the heap. */
    public static LogBudget ofThisJvm() {
        return new LogBudget(Runtime.getRuntime().maxMemory() / 8);
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
