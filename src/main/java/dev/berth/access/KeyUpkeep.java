package dev.berth.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The periodic work of a node about keys: it closes the sockets of those that expire, has Postgres forget them, with their webhooks
 * and links, and writes down which were used. For any thread.
 */
public final class KeyUpkeep {
    private static final Logger log = LoggerFactory.getLogger(KeyUpkeep.class);
    private static final long SOCKETS_MILLIS = 500;
    private static final long POSTGRES_MILLIS = 2_000;
    /** A key's use is written once within this time. */
    private static final Duration BETWEEN_WRITES = Duration.ofMinutes(1);

    private final KeyRepository keys;
    private final Cache<Long, Boolean> written = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(BETWEEN_WRITES)
            .executor(Runnable::run)
            .build();
    private final Map<Long, Instant> used = new ConcurrentHashMap<>();

    public KeyUpkeep(KeyRepository keys) {
        this.keys = keys;
    }

    /** Goes on as long as the verticle of the current context runs. */
    public void begin(Vertx vertx, KeySockets sockets) {
        vertx.setPeriodic(SOCKETS_MILLIS, ignored -> sockets.endExpired(Instant.now()));
        vertx.setPeriodic(POSTGRES_MILLIS, ignored -> tellPostgres());
    }

    /** A request came by this key. */
    public void used(long keyId) {
        if (written.getIfPresent(keyId) == null) {
            written.put(keyId, true);
            used.put(keyId, Instant.now());
        }
    }

    void tellPostgres() {
        Map<Long, Instant> times = new HashMap<>(used);
        times.forEach(used::remove);
        Future<Void> noted = times.isEmpty() ? Future.succeededFuture() : keys.used(times);
        noted.onFailure(e -> times.forEach(used::putIfAbsent));
        Future.join(noted, keys.removeExpired())
                .onFailure(e ->
                        log.debug("Postgres was not told which keys were used or have expired: {}", e.getMessage()));
    }
}
