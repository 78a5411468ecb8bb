package dev.berth.http.request;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers with one look-up all who ask the same while another is under way: by the next one, never by one that began before
 * they asked. For any thread; each caller hears on its own context.
 *
 * @param <K> what is asked
 * @param <V> the answer
 */
public final class Coalesced<K, V> {
    private final Function<K, Future<V>> lookUp;
    /** Who waits for the look-up after the one under way. Guarded by this. */
    private final Map<K, Optional<Promise<V>>> underWay = new HashMap<>();

    public Coalesced(Function<K, Future<V>> lookUp) {
        this.lookUp = lookUp;
    }

    public Future<V> ask(K key) {
        return CallersContext.bring(join(key).orElseGet(() -> start(key)));
    }

    /** Empty where no look-up is under way: the caller starts one. */
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

    /** Who waits for the next look-up, which then is under way. */
    private synchronized Optional<Promise<V>> next(K key) {
        Optional<Promise<V>> waiting = underWay.remove(key);
        if (waiting.isPresent()) {
            underWay.put(key, Optional.empty());
        }
        return waiting;
    }
}
