package dev.berth.http.request;

import dev.berth.access.ApiKey;
import dev.berth.access.KeyRates;
import dev.berth.access.KeyRepository;
import dev.berth.access.KeyUpkeep;
import dev.berth.access.KnownKeys;
import dev.berth.access.Revocations;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Requires an API key for the operations that it stands before, and lets none of the body be read earlier. Caches which keys exist and which do
 * not, so that Postgres is not asked for each request. One for the node. For any thread; results arrive on the caller's
 * context.
 */
public final class Authentication implements SecurityPolicyHandler {
    private static final Logger log = LoggerFactory.getLogger(Authentication.class);
    private static final String KEY = "berth.key";
    private static final String BEARER = "Bearer ";
    /** Berth's own header, and that of Browserbase's clients. */
    private static final List<String> KEY_HEADERS = List.of("X-API-Key", "X-BB-API-Key");

    private final KnownKeys known;
    private final KeyUpkeep upkeep;
    private final KeyRates rates;

    /**
     * @param configured a key that stays cached while Postgres is not available
     * @param nodes how many live, this one too
     */
    public Authentication(KeyRepository keys, Revocations revocations, Optional<String> configured, IntSupplier nodes) {
        this.known = new KnownKeys(keys, configured.map(Authentication::hash));
        this.upkeep = new KeyUpkeep(keys);
        this.rates = new KeyRates(nodes);
        // First: listeners that are added later rely on it.
        revocations.listen(known);
        // Looked up now, while Postgres is available.
        configured.ifPresent(key -> find(key).onFailure(e -> log.warn("the configured key could not be looked up", e)));
    }

    /** The user of the request's key. */
    public static long user(RoutingContext ctx) {
        return key(ctx).userId();
    }

    /** The request's key. */
    public static ApiKey key(RoutingContext ctx) {
        return ctx.get(KEY);
    }

    /** Adds the names of the key and of its user to a line of the log, where they are known. */
    public static LoggingEventBuilder named(LoggingEventBuilder line, ApiKey key) {
        LoggingEventBuilder ofUser = key.user().isEmpty() ? line : line.addKeyValue("user", key.user());
        return key.name().isEmpty() ? ofUser : ofUser.addKeyValue("key", key.name());
    }

    /** The user of the request's key; empty where the request needs no key. */
    static Optional<Long> userIfKnown(RoutingContext ctx) {
        return Optional.ofNullable(key(ctx)).map(ApiKey::userId);
    }

    @Override
    public void handle(RoutingContext ctx) {
        String key = key(ctx.request());
        if (key.isEmpty()) {
            ctx.fail(missing());
        } else {
            admit(ctx, find(key), "the API key is unknown, was revoked, or has expired");
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
                admit(ctx, found.result().get());
            }
        });
    }

    private void admit(RoutingContext ctx, ApiKey key) {
        ctx.put(KEY, key);
        rates.refusal(key).ifPresentOrElse(ctx::fail, ctx::next);
    }

    /** The error for a request that brings no key. */
    public static BerthException missing() {
        return new BerthException(ErrorCode.UNAUTHENTICATED, "this request needs an API key");
    }

    /** The key in the request's headers; {@code ""} where they have none. */
    public static String key(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        return KEY_HEADERS.stream()
                .map(request::getHeader)
                .filter(Objects::nonNull)
                .findFirst()
                .map(String::strip)
                .orElse("");
    }

    private Optional<ApiKey> noted(Optional<ApiKey> found) {
        found.ifPresent(key -> upkeep.used(key.keyId()));
        return found;
    }

    /** The upkeep of keys, apart from requests. */
    public KeyUpkeep upkeep() {
        return upkeep;
    }

    private static ByteBuffer hash(String key) {
        return ByteBuffer.wrap(KeyRepository.hash(key));
    }

    /** Finds the key, in the cache or in Postgres; empty where it does not exist. */
    public Future<Optional<ApiKey>> find(String key) {
        ByteBuffer hash = hash(key);
        Optional<ApiKey> found = noted(known.known(hash));
        return found.isPresent()
                ? Future.succeededFuture(found)
                : CallersContext.bring(known.find(hash).map(this::noted));
    }

    /** The key for which a token was issued, without the rights of an admin; empty where it does not exist any more. */
    Future<Optional<ApiKey>> holder(long keyId) {
        return CallersContext.bring(known.find(keyId));
    }

    /** The key for which a token was issued and verified, without the rights of an admin; empty where there is none any more. */
    public Future<Optional<ApiKey>> holder(OptionalLong keyId) {
        return keyId.isPresent() ? holder(keyId.getAsLong()) : Future.succeededFuture(Optional.empty());
    }

    /** Whether a token is valid: it was verified to be for the key of this id, which still exists. */
    public Future<Boolean> exists(OptionalLong keyId) {
        return keyId.isPresent() ? exists(keyId.getAsLong()) : Future.succeededFuture(false);
    }

    private Future<Boolean> exists(long keyId) {
        return holder(keyId).map(Optional::isPresent);
    }

    /** The time until which the API key of this id is valid; empty where the key does not exist any more. */
    public Future<Optional<Instant>> validUntil(long keyId) {
        return holder(keyId).map(found -> found.map(ApiKey::validUntil));
    }
}
