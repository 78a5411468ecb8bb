package dev.berth.http.request;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory of large responses that clients have not received yet. For any thread. */
final class AnswerBudget {
    /** Room for one of the largest responses: an accessibility snapshot of 32 MiB. */
    private static final long LEAST_BYTES = 192L << 20;

    /** One budget for the process, since the heap is the process's: an eighth of it. */
    static final AnswerBudget OF_PROCESS =
            new AnswerBudget(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 8));

    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    AnswerBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes {@code bytes} of the budget if they are free. */
    boolean tryTake(long bytes) {
        if (held.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        giveBack(bytes);
        return false;
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
