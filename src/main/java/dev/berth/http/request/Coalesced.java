package dev.berth.http.request;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers with one look-up all who ask the same while another is under way: by the next one, never by one that began before
 * they asked. On one event loop.
 *
 * @param <K> what is asked
 * @param <V> the answer
 */
public final class Coalesced<K, V> {
    private final Function<K, Future<V>> lookUp;
    /** Who waits for the look-up after the one under way. */
    private final Map<K, Optional<Promise<V>>> underWay = new HashMap<>();

    public Coalesced(Function<K, Future<V>> lookUp) {
        this.lookUp = lookUp;
    }

    public Future<V> ask(K key) {
        Optional<Promise<V>> next = underWay.get(key);
        if (next == null) {
            return start(key);
        }
        if (next.isEmpty()) {
            underWay.put(key, Optional.of(Promise.promise()));
        }
        return underWay.get(key).orElseThrow().future();
    }

    private Future<V> start(K key) {
        Future<V> answer = Future.succeededFuture().compose(now -> lookUp.apply(key));
        underWay.put(key, Optional.empty());
        answer.onComplete(
                done -> underWay.remove(key).ifPresent(waiting -> start(key).onComplete(waiting)));
        return answer;
    }
}
