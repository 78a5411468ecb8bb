package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Counts how many of something each holder has, such as the open sockets of an API key, up to a limit. For any thread.
 *
 * @param <K> the holders
 */
public final class Tally<K> {
    private final int max;
    private final Map<K, Integer> counts = new ConcurrentHashMap<>();

    /** @param max for each holder */
    public Tally(int max) {
        this.max = max;
    }

    public int max() {
        return max;
    }

    /** Adds one to {@code holder} if it is below the limit. */
    public boolean tryAdd(K holder) {
        AtomicBoolean added = new AtomicBoolean();
        counts.compute(holder, (id, count) -> {
            int had = count == null ? 0 : count;
            added.set(had < max);
            return had < max ? Integer.valueOf(had + 1) : count;
        });
        return added.get();
    }

    /** Takes one from {@code holder}. */
    public void remove(K holder) {
        counts.computeIfPresent(holder, (id, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Counts {@code work} while it is under way. Where {@code holder} has reached the limit, it is not begun.
     *
     * @param what such works are called in the error
     */
    public <T> Future<T> during(K holder, String what, Supplier<Future<T>> work) {
        return tryAdd(holder)
                ? Future.succeededFuture().compose(now -> work.get()).onComplete(over -> remove(holder))
                : Future.failedFuture(new BerthException(
                        ErrorCode.LIMIT_REACHED,
                        max + " of your " + what + " are under way already; try again when they are done"));
    }

    /** Whether no holder has any. */
    public boolean isEmpty() {
        return counts.isEmpty();
    }
}
