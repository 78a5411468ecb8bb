package dev.berth.http.request;

import dev.berth.history.ApiKey;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/** Keys that were found, or not: Postgres is not asked of them again for a while. On one event loop. */
public final class KnownKeys {
    private static final int MAX = 10_000;
    /** What is taken away meanwhile is heard of: this is for a connection to Postgres that is lost unnoticed. */
    public static final long KNOWN_MILLIS = 600_000;

    private static final long UNKNOWN_MILLIS = 1_000;

    private final ObjLongConsumer<Runnable> timers;
    private final Optional<ByteBuffer> configured;
    private final Map<ByteBuffer, ApiKey> keys = new HashMap<>();
    private final Set<Long> ids = new HashSet<>();
    private final Set<ByteBuffer> unknown = new HashSet<>();

    /**
     * @param timers runs something after so many milliseconds
     * @param configured the hash of a key that stays known, until it is taken away
     */
    KnownKeys(ObjLongConsumer<Runnable> timers, Optional<ByteBuffer> configured) {
        this.timers = timers;
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
                timers.accept(
                        () -> {
                            keys.remove(hash);
                            ids.remove(key.keyId());
                        },
                        KNOWN_MILLIS);
            }
        }
    }

    void found(long keyId) {
        if (ids.size() < MAX && ids.add(keyId)) {
            timers.accept(() -> forgetUnlessConfigured(keyId), KNOWN_MILLIS);
        }
    }

    /** It may have been found as such since. */
    private void forgetUnlessConfigured(long keyId) {
        if (!isConfigured(keyId)) {
            ids.remove(keyId);
        }
    }

    void notFound(ByteBuffer hash) {
        if (unknown.size() < MAX && unknown.add(hash)) {
            timers.accept(() -> unknown.remove(hash), UNKNOWN_MILLIS);
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
