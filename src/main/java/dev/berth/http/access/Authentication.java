package dev.berth.http.access;

import dev.berth.history.ApiKey;
import dev.berth.history.KeyRepository;
import dev.berth.history.KeyRevocations;
import dev.berth.http.request.CallersContext;
import dev.berth.http.request.Coalesced;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requires an API key for the operations that it stands before, and lets none of the body be read earlier. Caches which keys exist and which do
 * not, so that Postgres is not asked for each request. One for the node. For any thread; results arrive on the caller's
 * context.
 */
public final class Authentication implements SecurityPolicyHandler {
    private static final Logger log = LoggerFactory.getLogger(Authentication.class);
    private static final String KEY = "berth.key";
    private static final String BEARER = "Bearer ";

    private static final long REVIEW_REST_MILLIS = 1_000;

    private final KeyRepository keys;
    private final KeyLookUps lookUps;
    private final KnownKeys known;
    private final Coalesced<Long, Boolean> existing;

    /** @param configured a key that stays cached while Postgres is not available */
    public Authentication(Vertx vertx, KeyRepository keys, KeyRevocations revocations, Optional<String> configured) {
        this.keys = keys;
        this.lookUps = new KeyLookUps(keys::find);
        this.existing = new Coalesced<>(keys::exists);
        this.known = new KnownKeys(
                (run, millis) -> vertx.setTimer(millis, over -> run.run()), configured.map(Authentication::hash));
        KeyReview review = review(vertx, known::ids, known::forget);
        Context context = vertx.getOrCreateContext();
        revocations.listen(new KeyRevocations.Listener() {
            /** Synchronously: listeners that are registered later rely on it. */
            @Override
            public void revoked(long keyId) {
                known.forget(keyId);
            }

            @Override
            public void heardAgain() {
                known.doubt();
                context.runOnContext(ignored -> review.begin());
            }
        });
        // Looked up now, while Postgres is available.
        configured.ifPresent(key -> find(key).onFailure(e -> log.warn("the configured key could not be looked up", e)));
    }

    /**
     * Makes a review that asks Postgres, not the cache, for the keys of {@code held}. It leaves out the configured key. For one
     * event loop.
     *
     * @param gone called with each key that no longer exists
     */
    public KeyReview review(Vertx vertx, Supplier<Set<Long>> held, LongConsumer gone) {
        return new KeyReview(
                keys::findIds,
                held,
                known::isConfigured,
                gone,
                again -> vertx.setTimer(REVIEW_REST_MILLIS, rested -> again.run()));
    }

    /** The user of the request's key. */
    public static long user(RoutingContext ctx) {
        return key(ctx).userId();
    }

    /** The request's key. */
    public static ApiKey key(RoutingContext ctx) {
        return ctx.get(KEY);
    }

    /** The user of the request's key; empty where the request needs no key. */
    public static Optional<Long> userIfKnown(RoutingContext ctx) {
        return Optional.ofNullable(key(ctx)).map(ApiKey::userId);
    }

    @Override
    public void handle(RoutingContext ctx) {
        String key = key(ctx.request());
        if (key.isEmpty()) {
            ctx.fail(missing());
        } else {
            admit(ctx, find(key), "the API key is unknown");
        }
    }

    /** @param refusal why the request is refused where there is no such key */
    void admit(RoutingContext ctx, Future<Optional<ApiKey>> key, String refusal) {
        ctx.request().pause();
        key.onComplete(found -> {
            ctx.request().resume();
            if (found.failed()) {
                ctx.fail(found.cause());
            } else if (found.result().isEmpty()) {
                ctx.fail(new BerthException(ErrorCode.UNAUTHENTICATED, refusal));
            } else {
                ctx.put(KEY, found.result().get());
                ctx.next();
            }
        });
    }

    /** The error for a request that brings no key. */
    public static BerthException missing() {
        return new BerthException(ErrorCode.UNAUTHENTICATED, "this needs an API key");
    }

    /** The key in the request's headers; {@code ""} where they have none. */
    public static String key(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        String key = request.getHeader("X-API-Key");
        return key == null ? "" : key.strip();
    }

    /** The key, if it is in the cache. */
    public Optional<ApiKey> known(String key) {
        return known.find(hash(key));
    }

    private static ByteBuffer hash(String key) {
        return ByteBuffer.wrap(KeyRepository.hash(key));
    }

    /** Finds the key, in the cache or in Postgres; empty where it does not exist. */
    public Future<Optional<ApiKey>> find(String key) {
        ByteBuffer hash = hash(key);
        Optional<ApiKey> found = known.find(hash);
        if (found.isPresent() || known.isUnknown(hash)) {
            return Future.succeededFuture(found);
        }
        long mark = known.mark();
        return CallersContext.bring(lookUps.ask(hash).onSuccess(answer -> remember(hash, answer, mark)));
    }

    private void remember(ByteBuffer hash, Optional<ApiKey> found, long mark) {
        found.ifPresentOrElse(key -> known.found(hash, key, mark), () -> known.notFound(hash));
    }

    /** The key for which a token was issued, without the rights of an admin; empty where it does not exist any more. */
    Future<Optional<ApiKey>> holder(long keyId) {
        return CallersContext.bring(keys.user(keyId).map(found -> found.map(user -> new ApiKey(keyId, user, false))));
    }

    /** Whether a token is valid: it was verified to be for the key of this id, which still exists. */
    public Future<Boolean> exists(OptionalLong keyId) {
        return keyId.isPresent() ? exists(keyId.getAsLong()) : Future.succeededFuture(false);
    }

    /** Whether the API key of this id, for which a token was issued, still exists. */
    public Future<Boolean> exists(long keyId) {
        if (known.has(keyId)) {
            return Future.succeededFuture(true);
        }
        long mark = known.mark();
        return existing.ask(keyId).onSuccess(exists -> {
            if (exists) {
                known.found(keyId, mark);
            }
        });
    }
}
