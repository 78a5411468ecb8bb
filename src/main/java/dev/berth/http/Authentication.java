package dev.berth.http;

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
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nobody under {@code /api} without a key, before a byte of the body is read. Keys that were good a moment ago are not
 * asked of Postgres again. One for each HTTP verticle.
 */
final class Authentication implements SecurityPolicyHandler {
    private static final Logger log = LoggerFactory.getLogger(Authentication.class);
    private static final String USER = "berth.user";
    private static final String BEARER = "Bearer ";
    private static final int MAX_CACHED = 10_000;
    private static final long CACHE_MILLIS = 10_000;

    private final Vertx vertx;
    private final KeyRepository keys;
    private final Map<ByteBuffer, Long> users = new HashMap<>();
    private long revoked;

    Authentication(Vertx vertx, KeyRepository keys, KeyRevocations revocations) {
        this.vertx = vertx;
        this.keys = keys;
        Context context = vertx.getOrCreateContext();
        revocations.onRevoked(hash -> context.runOnContext(ignored -> forget(ByteBuffer.wrap(hash))));
    }

    private void forget(ByteBuffer key) {
        revoked++;
        users.remove(key);
    }

    /** The user whose key the request has. */
    static long user(RoutingContext ctx) {
        return ctx.<Long>get(USER);
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
        findUser(key).onComplete(found -> {
            ctx.request().resume();
            if (found.failed()) {
                log.error("keys can't be checked: {}", found.cause().toString());
                ctx.fail(new BerthException(ErrorCode.UPSTREAM, "keys can't be checked now"));
            } else if (found.result().isEmpty()) {
                ctx.fail(new BerthException(ErrorCode.UNAUTHENTICATED, "this API key is not known"));
            } else {
                ctx.put(USER, found.result().getAsLong());
                ctx.next();
            }
        });
    }

    /** The key that the request's headers have; empty where they have none. */
    static String key(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        String key = request.getHeader("X-API-Key");
        return key == null ? "" : key.strip();
    }

    /** Whose key this is, where that is known without asking. */
    OptionalLong knownUser(String key) {
        return known(ByteBuffer.wrap(KeyRepository.hash(key)));
    }

    private OptionalLong known(ByteBuffer hash) {
        Long user = users.get(hash);
        return user == null ? OptionalLong.empty() : OptionalLong.of(user);
    }

    /** Whose key this is; empty where it is nobody's. */
    Future<OptionalLong> findUser(String key) {
        byte[] hash = KeyRepository.hash(key);
        ByteBuffer cacheKey = ByteBuffer.wrap(hash);
        OptionalLong known = known(cacheKey);
        if (known.isPresent()) {
            return Future.succeededFuture(known);
        }
        long before = revoked;
        return keys.findUser(hash).onSuccess(found -> found.ifPresent(user -> remember(cacheKey, user, before)));
    }

    /** Not what was found while one was taken away: it may have been that one. */
    private void remember(ByteBuffer key, long user, long revokedBefore) {
        if (revoked == revokedBefore && users.size() < MAX_CACHED && users.put(key, user) == null) {
            vertx.setTimer(CACHE_MILLIS, ignored -> users.remove(key));
        }
    }
}
