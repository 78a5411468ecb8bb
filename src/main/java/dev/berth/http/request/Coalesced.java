package dev.berth.http.request;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Coalesces look-ups of the same key: callers that arrive while one is under way share the next one. No caller gets a result of
 * a look-up that began before the call. For any thread; results arrive on the caller's context.
 *
 * @param <K> the key
 * @param <V> the result
 */
public final class Coalesced<K, V> {
    private final Function<K, Future<V>> lookUp;
    /** Per key with a look-up under way: the callers that wait for the next one. Guarded by this. */
    private final Map<K, Optional<Promise<V>>> underWay = new HashMap<>();

    public Coalesced(Function<K, Future<V>> lookUp) {
        this.lookUp = lookUp;
    }

    public Future<V> ask(K key) {
        return CallersContext.bring(join(key).orElseGet(() -> start(key)));
    }

    /** Joins the next look-up; empty where none is under way, so that the caller starts one. */
    private synchronized Optional<Future<V>> join(K key) {
        Optional<Promise<V>> next = underWay.get(key);
        if (next == null) {
            underWay.put(key, Optional.empty());
            return Optional.empty();
        }
        Promise<V> waiting = next.orElseGet(Promise::promise);
        underWay.put(key, Optional.of(waiting));
        return Optional.of(waiting.future());
    }

    private Future<V> start(K key) {
        Future<V> answer = Future.succeededFuture().compose(now -> lookUp.apply(key));
        answer.onComplete(done -> next(key).ifPresent(waiting -> start(key).onComplete(waiting)));
        return answer;
    }

    /** Ends a look-up. Gives the callers that wait for the next one, which then counts as under way. */
    private synchronized Optional<Promise<V>> next(K key) {
        Optional<Promise<V>> waiting = underWay.remove(key);
        if (waiting.isPresent()) {
            underWay.put(key, Optional.empty());
        }
        return waiting;
    }
}
