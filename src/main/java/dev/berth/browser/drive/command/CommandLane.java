package dev.berth.browser.drive.command;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.clock.LivedTimer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * The blocking calls of one session, in order and one at a time, on the threads that all sessions share. A call that takes too long, or
 * whose browser ends, is interrupted, which {@code executeBlocking} could not do. Any thread may call.
 */
final class CommandLane {
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
     * A call that runs, or waits to.
     *
     * @param result completes on the context of the caller
     * @param cancelling interrupts it, or takes it out of the line; harmless once it is done
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
        if (!add(task)) {
            return new Task<>(Future.failedFuture(Failures.failed("the browser is gone")), () -> {});
        }
        LivedTimer timer = LivedTimer.set(vertx, deadline.left(), () -> {
            promise.tryFail(deadline.late());
            cancel(task);
        });
        return new Task<>(promise.future().onComplete(ignored -> timer.cancel()), () -> cancel(task));
    }

    /** What runs may not heed it for long, and those that wait behind it are not to heap up. */
    private synchronized void cancel(FutureTask<?> task) {
        waiting.remove(task);
        task.cancel(true);
    }

    /** How many calls wait for their turn. */
    synchronized int waiting() {
        return waiting.size();
    }

    private synchronized boolean add(FutureTask<?> task) {
        if (closed) {
            return false;
        }
        waiting.add(task);
        if (!scheduled) {
            scheduled = true;
            threads.ready(this);
        }
        return true;
    }

    /** Runs the next call. Gives whether there are more. */
    boolean runNext() {
        FutureTask<?> next = take();
        if (next != null) {
            next.run();
            // An interruption that came late is not the next call's, which may be another session's.
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

    /** Interrupts what runs; what waits never runs. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        if (running != null) {
            running.cancel(true);
        }
    }
}
