package dev.berth.http.sockets;

import dev.berth.history.KeyRevocations;
import dev.berth.http.access.KeyReview;
import dev.berth.http.access.KnownKeys;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open sockets by the API key that opened them, or by the link that let them in. Closes them when the key or link is revoked.
 * Where a notification may have been missed, it checks the keys or links in Postgres. For any thread.
 */
public final class KeySockets {
    private static final Logger log = LoggerFactory.getLogger(KeySockets.class);

    private final Function<Long, Future<Boolean>> exists;
    private final KeyReview review;
    /** The lists are immutable. */
    private final Map<Long, List<Runnable>> ends = new ConcurrentHashMap<>();

    /**
     * @param exists whether the key of this id exists, which may come from the cache
     * @param reviews makes the review that checks the given keys in Postgres and reports those that are gone
     */
    public KeySockets(
            Function<Long, Future<Boolean>> exists, BiFunction<Supplier<Set<Long>>, LongConsumer, KeyReview> reviews) {
        this.exists = exists;
        this.review = reviews.apply(() -> Set.copyOf(ends.keySet()), this::end);
    }

    /**
     * Subscribes to revocations. To be called after the cache that {@code exists} reads has subscribed: it must hear of them
     * first.
     *
     * @param revocations adds a listener for those of the keys, or of the links
     */
    public KeySockets listen(Vertx vertx, Consumer<KeyRevocations.Listener> revocations) {
        Context context = vertx.getOrCreateContext();
        revocations.accept(new KeyRevocations.Listener() {
            @Override
            public void revoked(long keyId) {
                end(keyId);
            }

            @Override
            public void heardAgain() {
                context.runOnContext(ignored -> review());
            }
        });
        // Covers a connection to Postgres that is lost unnoticed.
        vertx.setPeriodic(KnownKeys.KNOWN_MILLIS, ignored -> review());
        return this;
    }

    /**
     * @param end closes the socket; called on any thread
     * @return to be run when the socket is closed
     */
    public Runnable opened(long keyId, Runnable end) {
        ends.merge(keyId, List.of(end), KeySockets::with);
        // The key may have been revoked while the socket waited for its session.
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
                .onFailure(e -> log.debug("a key could not be checked: {}", e.getMessage()));
    }

    /** Bypasses the cache, which still has a key whose revocation was missed. */
    void review() {
        review.begin();
    }

    void end(long keyId) {
        ends.getOrDefault(keyId, List.of()).forEach(Runnable::run);
    }
}
