package dev.berth.logs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Loads a value once for all who ask for it at the same time, and remembers it. A failure is theirs, and is not remembered. (Caffeine's
 * asynchronous cache would print the stack trace of each: in an outage a client that reads on would fill the log.) Thread-safe; results
 * come on the caller's context.
 */
final class LoadCache<K, V> {
    private final Vertx vertx;
    private final Function<K, Future<V>> load;
    private final Cache<K, V> loaded;
    private final Map<K, Future<V>> loading = new ConcurrentHashMap<>();

    /** @param limits for how long, and how many */
    LoadCache(Vertx vertx, Caffeine<? super K, ? super V> limits, Function<K, Future<V>> load) {
        this.vertx = vertx;
        this.load = load;
        this.loaded = limits.executor(Runnable::run).build();
    }

    Optional<V> known(K key) {
        return Optional.ofNullable(loaded.getIfPresent(key));
    }

    Future<V> get(K key) {
        return known(key)
                .map(Future::succeededFuture)
                .orElseGet(() -> LoopPromise.on(vertx.getOrCreateContext(), join(key)));
    }

    private Future<V> join(K key) {
        Promise<V> mine = Promise.promise();
        Future<V> first = loading.putIfAbsent(key, mine.future());
        if (first != null) {
            return first;
        }
        Future.succeededFuture().compose(now -> load.apply(key)).onComplete(tried -> {
            if (tried.succeeded()) {
                loaded.put(key, tried.result());
            }
            loading.remove(key);
            mine.handle(tried);
        });
        return mine.future();
    }
}
