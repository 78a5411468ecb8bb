package dev.berth.http.access;

import dev.berth.history.ApiKey;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;

/** Caches which API keys exist and which do not. For any thread. */
public final class KnownKeys {
    private static final int MAX = 10_000;
    /**
     * Revocations arrive as notifications. This bounds how long one is missed while the connection to Postgres is lost
     * unnoticed.
     */
    public static final long KNOWN_MILLIS = 600_000;

    private static final long UNKNOWN_MILLIS = 1_000;

    private final ObjLongConsumer<Runnable> timers;
    private final Optional<ByteBuffer> configured;
    // Written under the lock of this.
    private final Map<ByteBuffer, ApiKey> keys = new ConcurrentHashMap<>();
    private final Set<Long> ids = ConcurrentHashMap.newKeySet();
    private final Set<ByteBuffer> unknown = ConcurrentHashMap.newKeySet();
    /** How many keys were revoked. */
    private volatile long revocations;

    /**
     * @param timers runs a task after the given milliseconds
     * @param configured the hash of a key that stays cached until it is revoked
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

    /** Whether a key of this id is cached. */
    boolean has(long keyId) {
        return ids.contains(keyId);
    }

    /** A mark to read before Postgres is asked, and to pass on with the result. */
    long mark() {
        return revocations;
    }

    /** Caches a key, unless a key was revoked since {@code mark}: it may be this one. */
    synchronized void found(ByteBuffer hash, ApiKey key, long mark) {
        boolean stays = configured.filter(hash::equals).isPresent();
        if (mark == revocations && (keys.size() < MAX || stays) && keys.put(hash, key) == null) {
            ids.add(key.keyId());
            if (!stays) {
                timers.accept(() -> expire(hash, key), KNOWN_MILLIS);
            }
        }
    }

    private synchronized void expire(ByteBuffer hash, ApiKey key) {
        keys.remove(hash);
        ids.remove(key.keyId());
    }

    /** Caches a key of which only the id is known, unless a key was revoked since {@code mark}. */
    synchronized void found(long keyId, long mark) {
        if (mark == revocations && ids.size() < MAX && ids.add(keyId)) {
            timers.accept(() -> forgetUnlessConfigured(keyId), KNOWN_MILLIS);
        }
    }

    /** The configured key may have been cached under this id since. */
    private synchronized void forgetUnlessConfigured(long keyId) {
        if (!isConfigured(keyId)) {
            ids.remove(keyId);
        }
    }

    synchronized void notFound(ByteBuffer hash) {
        if (unknown.size() < MAX && unknown.add(hash)) {
            timers.accept(() -> unknown.remove(hash), UNKNOWN_MILLIS);
        }
    }

    /** The key was revoked. */
    synchronized void forget(long keyId) {
        doubt();
        ids.remove(keyId);
        keys.values().removeIf(key -> key.keyId() == keyId);
    }

    /** A key may have been revoked: results of look-ups that are under way are not cached. */
    synchronized void doubt() {
        revocations++;
    }

    /** The ids of all cached keys. */
    Set<Long> ids() {
        return Set.copyOf(ids);
    }

    /** Whether it is the configured key. */
    boolean isConfigured(long keyId) {
        return configured.map(keys::get).filter(key -> key.keyId() == keyId).isPresent();
    }
}
