package dev.berth.http.access;

import dev.berth.history.ApiKey;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks up keys that are not cached, in batches: one query at a time, for all keys that came in during the query before it.
 * Results arrive on any thread. For any thread.
 */
final class KeyLookUps {
    static final int MAX_BATCH = 500;
    static final int MAX_WAITING = 10_000;

    private final Function<Collection<ByteBuffer>, Future<Map<ByteBuffer, ApiKey>>> query;
    // Guarded by this.
    private final Map<ByteBuffer, Promise<Optional<ApiKey>>> waiting = new LinkedHashMap<>();
    private boolean underWay;

    /** @param query gives the keys that exist, by their hashes */
    KeyLookUps(Function<Collection<ByteBuffer>, Future<Map<ByteBuffer, ApiKey>>> query) {
        this.query = query;
    }

    /** The key with this hash, by a query that begins now or later. Fails with NOT_READY where too many look-ups wait. */
    Future<Optional<ApiKey>> ask(ByteBuffer hash) {
        Future<Optional<ApiKey>> answer = enter(hash);
        askNext();
        return answer;
    }

    private synchronized Future<Optional<ApiKey>> enter(ByteBuffer hash) {
        if (!waiting.containsKey(hash) && waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(
                    new BerthException(ErrorCode.NOT_READY, "too many keys are being checked; try again"));
        }
        return waiting.computeIfAbsent(hash, asked -> Promise.promise()).future();
    }

    private void askNext() {
        Map<ByteBuffer, Promise<Optional<ApiKey>>> batch = takeBatch();
        if (batch.isEmpty()) {
            return;
        }
        Future.succeededFuture().compose(now -> query.apply(batch.keySet())).onComplete(answer -> {
            over();
            askNext();
            batch.forEach((hash, asked) -> {
                if (answer.failed()) {
                    asked.fail(answer.cause());
                } else {
                    asked.complete(Optional.ofNullable(answer.result().get(hash)));
                }
            });
        });
    }

    private synchronized void over() {
        underWay = false;
    }

    /** Takes the next batch; empty where a query is under way or nothing waits. */
    private synchronized Map<ByteBuffer, Promise<Optional<ApiKey>>> takeBatch() {
        Map<ByteBuffer, Promise<Optional<ApiKey>>> batch = new LinkedHashMap<>();
        var next = waiting.entrySet().iterator();
        while (!underWay && next.hasNext() && batch.size() < MAX_BATCH) {
            var entry = next.next();
            batch.put(entry.getKey(), entry.getValue());
            next.remove();
        }
        underWay |= !batch.isEmpty();
        return batch;
    }
}
