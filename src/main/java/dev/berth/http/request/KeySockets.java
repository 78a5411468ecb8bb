package dev.berth.http.request;

import dev.berth.history.access.Revocations;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open sockets by the API key that opened them, or by the link that let them in. Closes them when the key or link is revoked. For any
 * thread.
 */
public final class KeySockets implements Revocations.Listener {
    private static final Logger log = LoggerFactory.getLogger(KeySockets.class);

    private final Function<Long, Future<Boolean>> exists;
    private final Map<Long, Set<Runnable>> ends = new ConcurrentHashMap<>();

    /**
     * @param exists whether the key of this id exists, which may come from a cache: that hears of revocations before these sockets
     */
    public KeySockets(Function<Long, Future<Boolean>> exists) {
        this.exists = exists;
    }

    /**
     * @param end closes the socket; called on any thread
     * @return to be run when the socket is closed
     */
    public Runnable opened(long keyId, Runnable end) {
        ends.compute(keyId, (key, open) -> {
            Set<Runnable> all = open == null ? ConcurrentHashMap.newKeySet() : open;
            all.add(end);
            return all;
        });
        // The key may have been revoked while the socket waited for its session.
        lookFor(keyId);
        return () -> ends.computeIfPresent(keyId, (key, open) -> open.remove(end) && open.isEmpty() ? null : open);
    }

    private void lookFor(long keyId) {
        exists.apply(keyId)
                .onSuccess(there -> {
                    if (!there) {
                        revoked(keyId);
                    }
                })
                .onFailure(e -> log.debug("a key could not be checked: {}", e.getMessage()));
    }

    @Override
    public Set<Long> held() {
        return Set.copyOf(ends.keySet());
    }

    @Override
    public void revoked(long keyId) {
        ends.getOrDefault(keyId, Set.of()).forEach(Runnable::run);
    }
}
