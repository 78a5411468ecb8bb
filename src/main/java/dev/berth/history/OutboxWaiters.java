package dev.berth.history;

import dev.berth.protocol.BerthException;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Those who wait until no fact up to a number is waiting in the outbox. On the outbox's context. */
final class OutboxWaiters {
    private final Queue<Waiter> waiters = new ArrayDeque<>();

    private record Waiter(long number, Promise<Void> promise) {}

    /** Completes {@code promise} once no fact up to {@code number} is waiting; numbers never decrease. */
    void add(long number, Promise<Void> promise) {
        waiters.add(new Waiter(number, promise));
    }

    void completeThrough(long number) {
        while (!waiters.isEmpty() && waiters.peek().number <= number) {
            waiters.remove().promise.complete();
        }
    }

    void fail(BerthException why) {
        List<Waiter> failed = List.copyOf(waiters);
        waiters.clear();
        failed.forEach(waiter -> waiter.promise.fail(why));
    }
}
