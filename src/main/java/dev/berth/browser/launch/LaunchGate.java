package dev.berth.browser.launch;

import dev.berth.browser.LaunchException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Lets so many launches run at once, the others in the order in which they came: a storm of them would starve the sessions
 * that run. Any thread may call.
 */
final class LaunchGate {
    private final Supplier<Promise<Void>> promises;
    private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
    private int free;

    /** @param promises makes promises that complete on the context of whoever asks for them */
    LaunchGate(int parallel, Supplier<Promise<Void>> promises) {
        this.promises = promises;
        this.free = parallel;
    }

    /** Runs {@code launch} once it may; not at all where nobody wants it any more by then. */
    <T> Future<T> pass(Supplier<Future<T>> launch, Future<Void> abort) {
        return enter().compose(in -> abort.succeeded()
                        ? Future.<T>failedFuture(new LaunchException("it was no longer wanted"))
                        : launch.get())
                .onComplete(done -> leave());
    }

    private synchronized Future<Void> enter() {
        if (free > 0) {
            free--;
            return Future.succeededFuture();
        }
        Promise<Void> turn = promises.get();
        waiting.add(turn);
        return turn.future();
    }

    private void leave() {
        Promise<Void> next = handOver();
        if (next != null) {
            next.complete();
        }
    }

    private synchronized Promise<Void> handOver() {
        Promise<Void> next = waiting.poll();
        if (next == null) {
            free++;
        }
        return next;
    }
}
