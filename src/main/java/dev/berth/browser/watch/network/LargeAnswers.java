package dev.berth.browser.watch.network;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.limits.MemoryBudget;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Answers to held requests that are larger than the requests, as the bodies of mocks are. A page may send requests faster than Chrome
 * reads their answers, which would fill the node's memory: a large answer is made once those before it are written, and until then its
 * request costs only what the answer is made of. Lives on the browser's context.
 */
final class LargeAnswers {
    /** Limit for the requests of one session that wait: bytes, of headers that a page chooses. */
    static final long MAX_BYTES = 8L << 20;
    /** Memory that a request takes besides its headers: its id and its place in the queue. */
    private static final int REQUEST_BYTES = 512;

    private static final MemoryBudget MEMORY =
            new MemoryBudget(Math.max(2 * MAX_BYTES, Runtime.getRuntime().maxMemory() / 16), MAX_BYTES);

    private final CdpConnection connection;
    private final MemoryBudget.Share memory = MEMORY.share(this);
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long bytes;

    private record Waiting(long bytes, Runnable answer) {}

    LargeAnswers(CdpConnection connection) {
        this.connection = connection;
        connection.onDrained(this::goOn);
        connection.closed().onComplete(closed -> drop());
    }

    /**
     * Runs {@code answer} now, or when Chrome has taken the answers before it.
     *
     * @param headerChars of the request that {@code answer} keeps until then
     * @return whether it runs: false where too much waits already
     */
    boolean send(long headerChars, Runnable answer) {
        if (waiting.isEmpty() && !connection.isFull()) {
            answer.run();
            return true;
        }
        long more = REQUEST_BYTES + 2 * headerChars;
        boolean room = memory.tryAdd(more);
        if (room) {
            bytes += more;
            waiting.add(new Waiting(more, answer));
        }
        return room;
    }

    private void goOn() {
        while (!waiting.isEmpty() && !connection.isFull()) {
            Waiting next = waiting.remove();
            bytes -= next.bytes();
            next.answer().run();
        }
        memory.hold(bytes);
    }

    private void drop() {
        waiting.clear();
        memory.close();
    }
}
