package dev.berth.http.sockets;

import dev.berth.history.KeyRevocations;
import dev.berth.http.request.KeyReview;
import dev.berth.http.request.KnownKeys;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sockets by the API keys that they were opened with: they end when their key is taken away. Where that can't have been
 * heard, Postgres is asked for the keys. For any thread.
 */
public final class KeySockets {
    private static final Logger log = LoggerFactory.getLogger(KeySockets.class);

    private final Function<Long, Future<Boolean>> exists;
    private final KeyReview review;
    /** Never changed in place. */
    private final Map<Long, List<Runnable>> ends = new ConcurrentHashMap<>();

    /**
     * @param exists whether there still is a key of this id, as far as is heard
     * @param reviews makes what asks Postgres itself for the keys that it is given, and tells which are gone
     */
    public KeySockets(
            Function<Long, Future<Boolean>> exists, BiFunction<Supplier<Set<Long>>, LongConsumer, KeyReview> reviews) {
        this.exists = exists;
        this.review = reviews.apply(() -> Set.copyOf(ends.keySet()), this::end);
    }

    /** After those of whom this asks whether a key exists: they must know first. */
    public KeySockets listen(Vertx vertx, KeyRevocations revocations) {
        Context context = vertx.getOrCreateContext();
        revocations.listen(new KeyRevocations.Listener() {
            @Override
            public void revoked(long keyId) {
                end(keyId);
            }

            @Override
            public void heardAgain() {
                context.runOnContext(ignored -> review());
            }
        });
        // For a connection to Postgres that is lost unnoticed.
        vertx.setPeriodic(KnownKeys.KNOWN_MILLIS, ignored -> review());
        return this;
    }

    /** @param end closes the socket, on any thread; what is given back is to be run when it is closed */
    Runnable opened(long keyId, Runnable end) {
        ends.merge(keyId, List.of(end), KeySockets::with);
        // It may have been taken away while the socket waited for its session.
        lookFor(keyId);
        return () -> ends.computeIfPresent(keyId, (key, open) -> without(open, end));
    }

    private static List<Runnable> with(List<Runnable> open, List<Runnable> more) {
        List<Runnable> all = new ArrayList<>(open);
        all.addAll(more);
        return all;
    }

    /** Null where none is left, which removes the key. */
    private static List<Runnable> without(List<Runnable> open, Runnable end) {
        List<Runnable> left = new ArrayList<>(open);
        left.remove(end);
        return left.isEmpty() ? null : left;
    }

    private void lookFor(long keyId) {
        exists.apply(keyId)
                .onSuccess(there -> {
                    if (!there) {
                        end(keyId);
                    }
                })
                .onFailure(e -> log.debug("a key could not be looked for: {}", e.getMessage()));
    }

    /** Past what is remembered: a key that was taken away unheard is still known there. */
    void review() {
        review.begin();
    }

    void end(long keyId) {
        ends.getOrDefault(keyId, List.of()).forEach(Runnable::run);
    }
}
