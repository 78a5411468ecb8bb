package dev.berth.session.keep;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of log entries all sessions of a node may hold in memory beyond what each may hold anyway. Any thread may call. */
public final class LogBudget {
    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    LogBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** An eighth of the heap. */
    public static LogBudget ofThisJvm() {
        return new LogBudget(Runtime.getRuntime().maxMemory() / 8);
    }

    boolean isSpent() {
        return held.get() >= maxBytes;
    }

    /** @param bytes less than 0 for what is held no longer */
    void add(long bytes) {
        held.addAndGet(bytes);
    }

    long held() {
        return held.get();
    }
}
