package dev.berth.http.request;

import dev.berth.history.ApiKey;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;

/** Keys that were found, or not: Postgres is not asked of them again for a while. For any thread. */
public final class KnownKeys {
    private static final int MAX = 10_000;
    /** What is taken away meanwhile is heard of: this is for a connection to Postgres that is lost unnoticed. */
    public static final long KNOWN_MILLIS = 600_000;

    private static final long UNKNOWN_MILLIS = 1_000;

    private final ObjLongConsumer<Runnable> timers;
    private final Optional<ByteBuffer> configured;
    // Changed under the lock of this.
    private final Map<ByteBuffer, ApiKey> keys = new ConcurrentHashMap<>();
    private final Set<Long> ids = ConcurrentHashMap.newKeySet();
    private final Set<ByteBuffer> unknown = ConcurrentHashMap.newKeySet();
    /** How often a key was taken away. */
    private volatile long revocations;

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

    /** To be asked for before Postgres is asked, and given back with what it found. */
    long mark() {
        return revocations;
    }

    /** Not what was found while a key was taken away: it may have been that one. */
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

    /** The same of a key that is known by its id only. */
    synchronized void found(long keyId, long mark) {
        if (mark == revocations && ids.size() < MAX && ids.add(keyId)) {
            timers.accept(() -> forgetUnlessConfigured(keyId), KNOWN_MILLIS);
        }
    }

    /** It may have been found as such since. */
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

    /** The key was taken away. */
    synchronized void forget(long keyId) {
        doubt();
        ids.remove(keyId);
        keys.values().removeIf(key -> key.keyId() == keyId);
    }

    /** Some key may have been taken away: what is being asked for is not remembered. */
    synchronized void doubt() {
        revocations++;
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
