package dev.berth.browser.cdp;

import dev.berth.browser.Failures;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * How much memory the large results that are being read from all of a node's pages may take together. A result counts from the time
 * its bytes come in until it has its last form; who passes it on counts it anew. For any thread.
 */
public final class ResultBudget {
    /** Of a text: its bytes, those that it outgrew, and its characters. */
    public static final int TEXT = 3;
    /** Of a tree of JSON: 31 MiB of an accessibility tree took 198. */
    public static final int TREE = 6;

    /** One for the process, whose memory it is. */
    public static final ResultBudget OF_PROCESS =
            new ResultBudget(ofHeap(Runtime.getRuntime().maxMemory()));

    private final long maxBytes;
    private long held;

    public ResultBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** An eighth, but room for one result of any kind. */
    public static long ofHeap(long heapBytes) {
        return Math.max((long) TREE * Failures.MAX_RESULT_BYTES, heapBytes / 8);
    }

    public synchronized long held() {
        return held;
    }

    private synchronized boolean tryMove(long bytes) {
        if (bytes > 0 && held + bytes > maxBytes) {
            return false;
        }
        held += bytes;
        return true;
    }

    /** Does {@code work} with a share that is closed when that is done. */
    public <T> Future<T> lend(int weight, Function<Share, Future<T>> work) {
        Share share = share(weight);
        try {
            return work.apply(share).onComplete(done -> share.close());
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    /** @param weight how many bytes a byte of the result takes in all: {@link #TEXT} or {@link #TREE} */
    public Share share(int weight) {
        return new Share(weight);
    }

    /** What one command's results have of it, until it is closed. */
    public final class Share implements AutoCloseable {
        private final int weight;
        private long bytes;
        private int readers;
        private boolean closed;

        private Share(int weight) {
            this.weight = weight;
        }

        /** Whether there is room for {@code resultBytes} more. */
        public synchronized boolean tryAdd(long resultBytes) {
            long more = resultBytes * weight;
            if (closed || !tryMove(more)) {
                return false;
            }
            bytes += more;
            return true;
        }

        /** Somebody reads what is held, maybe for longer than it is waited for. */
        public synchronized void retain() {
            readers++;
        }

        public synchronized void release() {
            readers--;
            giveBack();
        }

        /** Nobody waits for it any more. */
        @Override
        public synchronized void close() {
            closed = true;
            giveBack();
        }

        private void giveBack() {
            if (closed && readers == 0) {
                tryMove(-bytes);
                bytes = 0;
            }
        }
    }
}
