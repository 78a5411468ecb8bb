package dev.berth.http.request;

import dev.berth.history.ApiKey;
import dev.berth.history.KeyRepository;
import dev.berth.history.KeyRevocations;
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
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nobody under {@code /api} without a key, before a byte of the body is read. Keys that were found, or not, are not
 * asked of Postgres again for a while. One for the node; for any thread, and each caller hears on its own context.
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

    /** @param configured a key that stays known where Postgres can't be asked */
    public Authentication(Vertx vertx, KeyRepository keys, KeyRevocations revocations, Optional<String> configured) {
        this.keys = keys;
        this.lookUps = new KeyLookUps(keys::find);
        this.existing = new Coalesced<>(keys::exists);
        this.known = new KnownKeys(
                (run, millis) -> vertx.setTimer(millis, over -> run.run()), configured.map(Authentication::hash));
        KeyReview review = review(vertx, known::ids, known::forget);
        Context context = vertx.getOrCreateContext();
        revocations.listen(new KeyRevocations.Listener() {
            /** At once: who listens after this may count on it. */
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
        // Now, before Postgres can be away.
        configured.ifPresent(key -> find(key).onFailure(e -> log.warn("the configured key was not looked up", e)));
    }

    /** Of keys that {@code held} gives, by Postgres itself, not by what is remembered; the configured one is not asked for. On one event loop. */
    public KeyReview review(Vertx vertx, Supplier<Set<Long>> held, LongConsumer gone) {
        return new KeyReview(
                keys::findIds,
                held,
                known::isConfigured,
                gone,
                again -> vertx.setTimer(REVIEW_REST_MILLIS, rested -> again.run()));
    }

    /** The user whose key the request has. */
    public static long user(RoutingContext ctx) {
        return key(ctx).userId();
    }

    /** The key that the request has. */
    public static ApiKey key(RoutingContext ctx) {
        return ctx.get(KEY);
    }

    /** Empty where the request needs no key. */
    static Optional<Long> userIfKnown(RoutingContext ctx) {
        return Optional.ofNullable(key(ctx)).map(ApiKey::userId);
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (!ctx.normalizedPath().startsWith("/api/")) {
            ctx.next();
            return;
        }
        String key = key(ctx.request());
        if (key.isEmpty()) {
            ctx.fail(new BerthException(ErrorCode.UNAUTHENTICATED, "this needs an API key"));
            return;
        }
        ctx.request().pause();
        find(key).onComplete(found -> {
            ctx.request().resume();
            if (found.failed()) {
                ctx.fail(found.cause());
            } else if (found.result().isEmpty()) {
                ctx.fail(new BerthException(ErrorCode.UNAUTHENTICATED, "this API key is not known"));
            } else {
                ctx.put(KEY, found.result().get());
                ctx.next();
            }
        });
    }

    /** The key that the request's headers have; empty where they have none. */
    public static String key(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        String key = request.getHeader("X-API-Key");
        return key == null ? "" : key.strip();
    }

    /** The key, where it is known without asking. */
    public Optional<ApiKey> known(String key) {
        return known.find(hash(key));
    }

    private static ByteBuffer hash(String key) {
        return ByteBuffer.wrap(KeyRepository.hash(key));
    }

    /** The key, where it is one. */
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

    /** Whether the key of this id, to which a token was given, has not been taken away. */
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
