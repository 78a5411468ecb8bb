package dev.berth.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks Postgres for API keys, and remembers for a while which exist and which do not. For any thread; answers arrive on any thread.
 */
public final class KnownKeys implements Revocations.Listener {
    private static final int MAX = 10_000;
    private static final Duration KNOWN = Duration.ofMillis(Revocations.REVIEW_MILLIS);
    private static final Duration UNKNOWN = Duration.ofSeconds(1);
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);
    /** Limit for keys that Postgres is asked for at the same time: strangers choose which keys they try, and all users share the pool. */
    static final int MAX_ASKED = 100;

    private final Optional<ByteBuffer> configured;
    private final InstantSource clock;
    private final Semaphore asking = new Semaphore(MAX_ASKED);
    private final Remembered<ByteBuffer, ApiKey> byHash;
    /** Keys of which only a token was seen, without the rights of an admin. */
    private final Remembered<Long, ApiKey> byId;

    private final Cache<ByteBuffer, Boolean> unknown = Caffeine.newBuilder()
            .maximumSize(MAX)
            .expireAfterWrite(UNKNOWN)
            .executor(Runnable::run)
            .build();

    public KnownKeys(KeyRepository keys, Optional<ByteBuffer> configured) {
        this(
                hash -> keys.find(hash.array()),
                id -> keys.find(id).map(found -> found.map(ApiKey::withoutAdmin)),
                configured,
                Instant::now);
    }

    /**
     * @param configured the hash of a key that is remembered until it is revoked
     * @param clock tells which keys have expired
     */
    KnownKeys(
            Function<ByteBuffer, Future<Optional<ApiKey>>> findByHash,
            Function<Long, Future<Optional<ApiKey>>> findById,
            Optional<ByteBuffer> configured,
            InstantSource clock) {
        this.configured = configured;
        this.clock = clock;
        this.byHash = new Remembered<>(
                Caffeine.newBuilder()
                        .maximumWeight(MAX)
                        .weigher((ByteBuffer hash, Object key) -> isOf(hash, configured) ? 0 : 1)
                        .expireAfter(Expiry.creating((hash, key) -> isOf(hash, configured) ? FOR_EVER : KNOWN)),
                hash -> ask(hash, findByHash));
        this.byId = new Remembered<>(Caffeine.newBuilder().maximumSize(MAX).expireAfterWrite(KNOWN), findById);
    }

    private static boolean isOf(ByteBuffer hash, Optional<ByteBuffer> configured) {
        return configured.filter(hash::equals).isPresent();
    }

    private Future<Optional<ApiKey>> ask(ByteBuffer hash, Function<ByteBuffer, Future<Optional<ApiKey>>> find) {
        if (unknown.getIfPresent(hash) != null) {
            return Future.succeededFuture(Optional.empty());
        }
        if (!asking.tryAcquire()) {
            return Future.failedFuture(
                    new BerthException(ErrorCode.NOT_READY, "too many keys are being checked; try again"));
        }
        return find.apply(hash).onComplete(asked -> asking.release()).onSuccess(found -> {
            if (found.isEmpty()) {
                unknown.put(hash, true);
            }
        });
    }

    /** The key with this hash; empty where it does not exist. */
    public Future<Optional<ApiKey>> find(ByteBuffer hash) {
        return byHash.find(hash).map(this::ifValid);
    }

    /** The key with this hash, if it is remembered. */
    public Optional<ApiKey> known(ByteBuffer hash) {
        return ifValid(byHash.known(hash));
    }

    /** The key of this id, without the rights of an admin; empty where it does not exist. */
    public Future<Optional<ApiKey>> find(long keyId) {
        return byHash.known()
                .filter(key -> key.keyId() == keyId)
                .findAny()
                .map(key -> Future.succeededFuture(Optional.of(key.withoutAdmin())))
                .orElseGet(() -> byId.find(keyId))
                .map(this::ifValid);
    }

    /** An expired key is as good as none, also while Postgres, which will forget it, does not answer. */
    private Optional<ApiKey> ifValid(Optional<ApiKey> key) {
        return key.filter(found -> found.validUntil().isAfter(clock.instant()));
    }

    @Override
    public Set<Long> held() {
        return Stream.concat(byHash.known(), byId.known()).map(ApiKey::keyId).collect(Collectors.toSet());
    }

    @Override
    public void revoked(long keyId) {
        byHash.forget(key -> key.keyId() == keyId);
        byId.forget(key -> key.keyId() == keyId);
    }

    /** The next request asks for what the key may do now. For the configured one it is asked at once: it stays known without Postgres. */
    @Override
    public void changed(long keyId) {
        revoked(keyId);
        configured.ifPresent(byHash::find);
    }

    /**
     * Asks for a value once, and remembers what was found. Callers that come while it is asked for share the answer. For any thread; answers
     * arrive on any thread.
     */
    private static final class Remembered<K, V> {
        private final Cache<K, Future<Optional<V>>> answers;
        private final Function<K, Future<Optional<V>>> ask;

        /** @param limits for how long, and how many */
        Remembered(Caffeine<? super K, ? super Future<Optional<V>>> limits, Function<K, Future<Optional<V>>> ask) {
            this.answers = limits.executor(Runnable::run).build();
            this.ask = ask;
        }

        Future<Optional<V>> find(K key) {
            Future<Optional<V>> known = answers.getIfPresent(key);
            return known != null ? known : ask(key);
        }

        private Future<Optional<V>> ask(K key) {
            Promise<Optional<V>> answer = Promise.promise();
            Future<Optional<V>> first = answers.asMap().putIfAbsent(key, answer.future());
            if (first != null) {
                return first;
            }
            Future.succeededFuture().compose(now -> ask.apply(key)).onComplete(found -> {
                if (found.failed() || found.result().isEmpty()) {
                    answers.asMap().remove(key, answer.future());
                }
                answer.handle(found);
            });
            return answer.future();
        }

        /** The value, if it is remembered. */
        Optional<V> known(K key) {
            return Optional.ofNullable(answers.getIfPresent(key)).flatMap(Remembered::value);
        }

        Stream<V> known() {
            return answers.asMap().values().stream().flatMap(answer -> value(answer).stream());
        }

        /** Forgets these values, and what is being asked for: the answer may be one of these. */
        void forget(Predicate<V> these) {
            answers.asMap()
                    .values()
                    .removeIf(answer -> value(answer).map(these::test).orElse(true));
        }

        private static <V> Optional<V> value(Future<Optional<V>> answer) {
            return answer.succeeded() ? answer.result() : Optional.empty();
        }
    }
}
