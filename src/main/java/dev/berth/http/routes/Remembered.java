package dev.berth.http.routes;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * An answer for everybody who asks while it is young: it is looked up once in that time at the most, and never twice at once. On
 * one event loop.
 *
 * @param <V> the answer
 */
final class Remembered<V> {
    private final Supplier<Future<V>> lookUp;
    private final Duration age;
    private final LongSupplier nanoClock;
    private Future<V> answer;
    private long askedAt;

    Remembered(Supplier<Future<V>> lookUp, Duration age, LongSupplier nanoClock) {
        this.lookUp = lookUp;
        this.age = age;
        this.nanoClock = nanoClock;
    }

    Future<V> get() {
        long now = nanoClock.getAsLong();
        if (answer == null || answer.isComplete() && now - askedAt >= age.toNanos()) {
            askedAt = now;
            answer = lookUp.get();
        }
        return answer;
    }
}
