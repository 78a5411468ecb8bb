package dev.berth.http.routes;

import dev.berth.http.request.CallersContext;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Caches an answer for a short time. It is looked up at most once in that time, and never twice at once. For any thread;
 * results arrive on the caller's context.
 *
 * @param <V> the answer
 */
final class CachedAnswer<V> {
    private final Supplier<Future<V>> lookUp;
    private final Duration age;
    private final LongSupplier nanoClock;
    // Guarded by this.
    private Future<V> answer;
    private long askedAt;

    CachedAnswer(Supplier<Future<V>> lookUp, Duration age, LongSupplier nanoClock) {
        this.lookUp = lookUp;
        this.age = age;
        this.nanoClock = nanoClock;
    }

    Future<V> get() {
        return CallersContext.bring(latest());
    }

    private synchronized Future<V> latest() {
        long now = nanoClock.getAsLong();
        if (answer == null || answer.isComplete() && now - askedAt >= age.toNanos()) {
            askedAt = now;
            answer = lookUp.get();
        }
        return answer;
    }
}
