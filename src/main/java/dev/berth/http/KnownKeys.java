package dev.berth.http;

import dev.berth.history.ApiKey;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keys that were found, or not: Postgres is not asked of them again for a while. On one event loop. */
final class KnownKeys {
    private static final int MAX = 10_000;
    /** What is taken away meanwhile is heard of: this is for a connection to Postgres that is lost unnoticed. */
    static final long KNOWN_MILLIS = 600_000;

    private static final long UNKNOWN_MILLIS = 1_000;

    private final Vertx vertx;
    private final Optional<ByteBuffer> configured;
    private final Map<ByteBuffer, ApiKey> keys = new HashMap<>();
    private final Set<Long> ids = new HashSet<>();
    private final Set<ByteBuffer> unknown = new HashSet<>();

    /** @param configured the hash of a key that stays known, until it is taken away */
    KnownKeys(Vertx vertx, Optional<ByteBuffer> configured) {
        this.vertx = vertx;
        this.configured = configured;
    }

    Optional<ApiKey> find(ByteBuffer hash) {
        return Optional.ofNullable(keys.get(hash));
    }

    boolean isUnknown(ByteBuffer hash) {
        return unknown.contains(hash);
    }

    /** Whether there is a key of this id. */
    boolean has(long keyId) {
        return ids.contains(keyId);
    }

    void found(ByteBuffer hash, ApiKey key) {
        boolean stays = configured.filter(hash::equals).isPresent();
        if ((keys.size() < MAX || stays) && keys.put(hash, key) == null) {
            ids.add(key.keyId());
            if (!stays) {
                vertx.setTimer(KNOWN_MILLIS, ignored -> {
                    keys.remove(hash);
                    ids.remove(key.keyId());
                });
            }
        }
    }

    void found(long keyId) {
        if (ids.size() < MAX && ids.add(keyId)) {
            vertx.setTimer(KNOWN_MILLIS, ignored -> ids.remove(keyId));
        }
    }

    void notFound(ByteBuffer hash) {
        if (unknown.size() < MAX && unknown.add(hash)) {
            vertx.setTimer(UNKNOWN_MILLIS, ignored -> unknown.remove(hash));
        }
    }

    void forget(long keyId) {
        ids.remove(keyId);
        keys.values().removeIf(key -> key.keyId() == keyId);
    }

    /** All that are known. */
    Set<Long> ids() {
        return Set.copyOf(ids);
    }

    /** Whether it is the configured key. */
    boolean isConfigured(long keyId) {
        return configured.map(keys::get).filter(key -> key.keyId() == keyId).isPresent();
    }
}
