package dev.berth.browser.drive.command;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the blocking calls of one session in order, one at a time, on threads that all sessions share. Interrupts a call that
 * takes too long, or whose browser ends, which {@code executeBlocking} can't do. Any thread may call.
 */
final class CommandLane {
    private static final Logger log = LoggerFactory.getLogger(CommandLane.class);

    private final Vertx vertx;
    private final CommandThreads threads;
    private final Deque<FutureTask<?>> waiting = new ArrayDeque<>();
    private FutureTask<?> running;
    private boolean scheduled;
    private boolean closed;

    CommandLane(Vertx vertx, CommandThreads threads) {
        this.vertx = vertx;
        this.threads = threads;
    }

    /**
     * A call that runs or waits.
     *
     * @param result completes on the caller's context
     * @param cancelling interrupts the call, or removes it from the queue; does nothing once it is done
     */
    record Task<T>(Future<T> result, Runnable cancelling) {
        void cancel() {
            cancelling.run();
        }
    }

    <T> Task<T> run(Callable<T> call, Deadline deadline) {
        Context context = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        FutureTask<Void> task = new FutureTask<>(() -> {
            try {
                T result = call.call();
                context.runOnContext(ignored -> promise.tryComplete(result));
            } catch (Throwable e) {
                context.runOnContext(ignored -> promise.tryFail(e));
            }
            return null;
        });
        try {
            if (!add(task)) {
                return refused("the browser is gone");
            }
        } catch (OutOfMemoryError e) {
            // An error would leave the caller's queue with a call that never ends.
            log.error("a thread for a call to Chrome can't be started", e);
            return refused("the server can't start a thread for it at the moment; try again");
        }
        long timer = vertx.setTimer(deadline.left(), late -> {
            promise.tryFail(deadline.late());
            cancel(task);
        });
        return new Task<>(promise.future().onComplete(ignored -> vertx.cancelTimer(timer)), () -> cancel(task));
    }

    private static <T> Task<T> refused(String why) {
        return new Task<>(Future.failedFuture(Failures.failed(why)), () -> {});
    }

    /** A running call may ignore the interrupt for long; cancelled calls behind it must not pile up, so they leave the queue. */
    private synchronized void cancel(FutureTask<?> task) {
        waiting.remove(task);
        task.cancel(true);
    }

    /** The number of queued calls. */
    synchronized int waiting() {
        return waiting.size();
    }

    private synchronized boolean add(FutureTask<?> task) {
        if (closed) {
            return false;
        }
        if (!scheduled) {
            threads.ready(this);
            scheduled = true;
        }
        waiting.add(task);
        return true;
    }

    /** Runs the next call; returns whether more are queued. */
    boolean runNext() {
        FutureTask<?> next = take();
        if (next != null) {
            next.run();
            // Clears a late interrupt, so that it does not hit the next call, which may be another session's.
            Thread.interrupted();
        }
        return hasMore();
    }

    private synchronized FutureTask<?> take() {
        running = waiting.poll();
        return running;
    }

    private synchronized boolean hasMore() {
        running = null;
        scheduled = !waiting.isEmpty();
        return scheduled;
    }

    /** Interrupts the running call, and drops the queued ones. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        if (running != null) {
            running.cancel(true);
        }
    }
}
