package dev.berth.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the messages of all CDP clients may take together, beyond what each client has anyway. For any thread. */
final class RelayBudget {
    private static final long MOST_BYTES = 256L << 20;

    /** One for the process, whose memory it is. */
    static final RelayBudget OF_PROCESS =
            new RelayBudget(ofHeap(Runtime.getRuntime().maxMemory()));

    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    RelayBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A quarter, but room for one message of any length that may be. */
    static long ofHeap(long heapBytes) {
        long oneMessage = CommandGate.MAX_MESSAGE_BYTES + 2L * CommandText.PIECE_BYTES;
        return Math.max(oneMessage, Math.min(MOST_BYTES, heapBytes / 4));
    }

    long usedBytes() {
        return used.get();
    }

    Share share() {
        return new Share();
    }

    /** What one holder has of it. For one thread. */
    final class Share {
        private long held;

        /** Whether there is room for it to hold so much; else it holds what it held. To hold less there always is. */
        boolean tryHold(long bytes) {
            long more = bytes - held;
            if (more > 0 && used.addAndGet(more) > maxBytes) {
                used.addAndGet(-more);
                return false;
            } else if (more < 0) {
                used.addAndGet(more);
            }
            held = bytes;
            return true;
        }

        /** Holds so much, which it has already. */
        void hold(long bytes) {
            used.addAndGet(bytes - held);
            held = bytes;
        }
    }
}
