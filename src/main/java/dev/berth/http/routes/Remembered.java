package dev.berth.http.routes;

import dev.berth.http.request.CallersContext;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * An answer for everybody who asks while it is young: it is looked up once in that time at the most, and never twice at once. For
 * any thread; each caller hears on its own context.
 *
 * @param <V> the answer
 */
final class Remembered<V> {
    private final Supplier<Future<V>> lookUp;
    private final Duration age;
    private final LongSupplier nanoClock;
    // Guarded by this.
    private Future<V> answer;
    private long askedAt;

    Remembered(Supplier<Future<V>> lookUp, Duration age, LongSupplier nanoClock) {
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
