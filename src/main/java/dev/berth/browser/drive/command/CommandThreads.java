package dev.berth.browser.drive.command;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which the sessions of a node wait for Chrome. A session uses one at a time, however many calls it has queued:
 * with as many threads as sessions, pages that hang delay no other session. When all are busy, lanes queue and take turns. Idle
 * threads end. Any thread may call.
 */
public final class CommandThreads {
    private static final long IDLE_SECONDS = 5;

    private final int max;
    private final ThreadPoolExecutor threads;
    private final Deque<CommandLane> waiting = new ArrayDeque<>();
    private int working;
    private boolean closed;

    /** @param max the most threads: as many as there may be sessions */
    public CommandThreads(int max) {
        this(max, named());
    }

    CommandThreads(int max, ThreadFactory factory) {
        this.max = max;
        // Bounded by the count in this class and not by the pool: a thread may be done, but not back in its pool yet.
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    private static ThreadFactory named() {
        AtomicInteger made = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "berth-hands-" + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * A lane has calls to run. It must not call again until it has run empty. Throws {@link OutOfMemoryError} if no thread
     * can be started; then nothing has changed.
     */
    synchronized void ready(CommandLane lane) {
        if (closed) {
            return;
        }
        if (working == max) {
            waiting.add(lane);
        } else {
            threads.execute(() -> work(lane));
            working++;
        }
    }

    private void work(CommandLane first) {
        CommandLane lane = first;
        while (lane != null) {
            boolean more = lane.runNext();
            lane = next(lane, more);
        }
    }

    private synchronized CommandLane next(CommandLane lane, boolean more) {
        if (more) {
            waiting.add(lane);
        }
        CommandLane next = waiting.poll();
        if (next == null) {
            working--;
        }
        return next;
    }

    /** Call it once all lanes are closed. */
    public synchronized void close() {
        closed = true;
        threads.shutdownNow();
    }
}
