package dev.berth.http.request;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the large answers that clients have not received yet may take together. For any thread. */
final class AnswerBudget {
    /** Room for one of the largest: a snapshot of 32 MiB. */
    private static final long LEAST_BYTES = 192L << 20;

    /** One for the process, whose memory it is: an eighth of the heap. */
    static final AnswerBudget OF_PROCESS =
            new AnswerBudget(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 8));

    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    AnswerBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether there is room; then it is taken. */
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
