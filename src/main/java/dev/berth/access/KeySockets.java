package dev.berth.access;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open sockets by the API key that opened them, or by the link that let them in. Closes them when the key or link is revoked, and when
 * the key expires. For any thread.
 */
public final class KeySockets implements Revocations.Listener {
    private static final Logger log = LoggerFactory.getLogger(KeySockets.class);

    private final Function<Long, Future<Optional<Instant>>> validUntil;
    private final Map<Long, Sockets> open = new ConcurrentHashMap<>();

    /**
     * @param validUntil until when the key of this id is valid, and empty where it does not exist, which may come from a cache: that hears
     * of revocations before these sockets
     */
    public KeySockets(Function<Long, Future<Optional<Instant>>> validUntil) {
        this.validUntil = validUntil;
    }

    /** The sockets of a key. */
    private record Sockets(Set<Runnable> ends, Instant until) {
        private void end() {
            ends.forEach(Runnable::run);
        }
    }

    /**
     * @param end closes the socket; called on any thread
     * @return to be run when the socket is closed
     */
    public Runnable opened(long keyId, Runnable end) {
        open.compute(keyId, (key, sockets) -> {
            Sockets all = sockets == null ? new Sockets(ConcurrentHashMap.newKeySet(), Instant.MAX) : sockets;
            all.ends().add(end);
            return all;
        });
        // The key may have been revoked while the socket waited for its session.
        lookFor(keyId);
        return () -> open.computeIfPresent(
                keyId,
                (key, sockets) -> sockets.ends().remove(end) && sockets.ends().isEmpty() ? null : sockets);
    }

    private void lookFor(long keyId) {
        validUntil
                .apply(keyId)
                .onSuccess(until -> until.ifPresentOrElse(
                        at -> open.computeIfPresent(keyId, (key, sockets) -> new Sockets(sockets.ends(), at)),
                        () -> revoked(keyId)))
                .onFailure(e -> log.debug("a key could not be checked: {}", e.getMessage()));
    }

    /** Closes the sockets of keys that have expired. */
    void endExpired(Instant now) {
        open.values().stream().filter(sockets -> !sockets.until().isAfter(now)).forEach(Sockets::end);
    }

    @Override
    public Set<Long> held() {
        return Set.copyOf(open.keySet());
    }

    @Override
    public void revoked(long keyId) {
        Optional.ofNullable(open.get(keyId)).ifPresent(Sockets::end);
    }

    @Override
    public void changed(long keyId) {
        if (open.containsKey(keyId)) {
            lookFor(keyId);
        }
    }
}
