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
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nobody under {@code /api} without a key, before a byte of the body is read. Keys that were found, or not, are not
 * asked of Postgres again for a while. One for each HTTP verticle.
 */
final class Authentication implements SecurityPolicyHandler {
    private static final Logger log = LoggerFactory.getLogger(Authentication.class);
    private static final String USER = "berth.user";
    private static final String BEARER = "Bearer ";
    private static final int MAX_CACHED = 10_000;
    /** What is taken away meanwhile is heard of: this is for a connection to Postgres that is lost unnoticed. */
    private static final long KNOWN_MILLIS = 600_000;

    private static final long UNKNOWN_MILLIS = 1_000;
    private static final long QUERY_SECONDS = 5;

    private final Vertx vertx;
    private final KeyLookUps lookUps;
    private final Map<ByteBuffer, Long> users = new HashMap<>();
    private final Set<ByteBuffer> unknown = new HashSet<>();
    private long revoked;

    Authentication(Vertx vertx, KeyRepository keys, KeyRevocations revocations) {
        this.vertx = vertx;
        this.lookUps = new KeyLookUps(hashes ->
                keys.findUsers(hashes).timeout(QUERY_SECONDS, TimeUnit.SECONDS).recover(Authentication::unchecked));
        Context context = vertx.getOrCreateContext();
        revocations.listen(new KeyRevocations.Listener() {
            @Override
            public void revoked(byte[] hash) {
                context.runOnContext(ignored -> forget(Set.of(ByteBuffer.wrap(hash))));
            }

            @Override
            public void heardAgain() {
                context.runOnContext(ignored -> forget(Set.copyOf(users.keySet())));
            }
        });
    }

    private void forget(Set<ByteBuffer> keys) {
        revoked++;
        users.keySet().removeAll(keys);
    }

    /** The user whose key the request has. */
    static long user(RoutingContext ctx) {
        return ctx.<Long>get(USER);
    }

    /** Empty where the request needs no key. */
    static Optional<Long> userIfKnown(RoutingContext ctx) {
        return Optional.ofNullable(ctx.get(USER));
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
                ctx.fail(found.cause());
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
        ByteBuffer hash = ByteBuffer.wrap(KeyRepository.hash(key));
        OptionalLong known = known(hash);
        if (known.isPresent() || unknown.contains(hash)) {
            return Future.succeededFuture(known);
        }
        long before = revoked;
        return lookUps.ask(hash).onSuccess(found -> remember(hash, found, before));
    }

    private static <T> Future<T> unchecked(Throwable e) {
        log.error("keys can't be checked: {}", e.toString());
        return Future.failedFuture(new BerthException(ErrorCode.UPSTREAM, "keys can't be checked now"));
    }

    private void remember(ByteBuffer key, OptionalLong user, long revokedBefore) {
        if (user.isEmpty()) {
            if (unknown.size() < MAX_CACHED && unknown.add(key)) {
                vertx.setTimer(UNKNOWN_MILLIS, ignored -> unknown.remove(key));
            }
            // Not what was found while one was taken away: it may have been that one.
        } else if (revoked == revokedBefore && users.size() < MAX_CACHED && users.put(key, user.getAsLong()) == null) {
            vertx.setTimer(KNOWN_MILLIS, ignored -> users.remove(key));
        }
    }
}
