package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.access.LinkTokens;
import dev.berth.history.SessionRepository;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.DriverTokens;
import dev.berth.http.request.KeyInUrl;
import dev.berth.http.request.Reading;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authenticates clients of sockets: by a token in the query, which is bound to one session and purpose, or by an API key. */
public final class SocketAccess {
    private static final Logger log = LoggerFactory.getLogger(SocketAccess.class);

    private final SessionClient sessions;
    private final SessionRepository history;
    private final LinkTokens tokens;
    private final Authentication authentication;
    private final OriginRule origins;

    public SocketAccess(
            SessionClient sessions,
            SessionRepository history,
            LinkTokens tokens,
            Authentication authentication,
            OriginRule origins) {
        this.sessions = sessions;
        this.history = history;
        this.tokens = tokens;
        this.authentication = authentication;
        this.origins = origins;
    }

    /**
     * A client that was let in to a session.
     *
     * @param sessions a client of the bus with its rights
     * @param keyId of its API key, or of the key that its token was issued for
     * @param acts whether that key may do more than read
     */
    record Entrance(SessionClient sessions, SessionId id, long keyId, boolean acts) {
        /** The session; fails where it is over. */
        Future<SessionDescription> describe() {
            return sessions.ask(id, new DescribeSession())
                    // A session answers for a moment after its end.
                    .compose(session -> session.endReason().isPresent()
                            ? Future.failedFuture(session.absence())
                            : Future.succeededFuture(session));
        }
    }

    /**
     * Authenticates a client for a session.
     *
     * @param path the path segment that should be a session id
     * @param purpose what the token must be valid for, by session
     */
    Future<Entrance> enter(HttpServerRequest request, String path, Function<SessionId, String> purpose) {
        Optional<SessionId> id = SessionId.parse(path);
        String token = request.getParam("token");
        if (token != null) {
            return admit(id, token, purpose);
        }
        return key(Authentication.key(request)).compose(key -> admit(id, key));
    }

    /** The same for a CDP client, whose token may be an API key: many such clients can send no header. */
    Future<Entrance> enterForCdp(HttpServerRequest request, String path) {
        return enter(request, path, SessionLinks::purpose)
                .recover(e -> request.getParam("token") == null
                        ? Future.failedFuture(e)
                        : authentication
                                .find(request.getParam("token"))
                                .compose(found -> found.isEmpty() ? Future.failedFuture(e) : keyOf(request))
                                .compose(key -> admit(SessionId.parse(path), key)))
                .compose(entrance ->
                        entrance.acts() ? Future.succeededFuture(entrance) : Future.failedFuture(Reading.refusal()));
    }

    private Future<Entrance> admit(Optional<SessionId> id, ApiKey key) {
        return id.map(session -> Future.succeededFuture(
                        new Entrance(sessions.as(key.userId()), session, key.keyId(), key.acts())))
                .orElseGet(SocketAccess::unknown);
    }

    /** A token is valid as long as the key that it was issued for. */
    private Future<Entrance> admit(Optional<SessionId> id, String token, Function<SessionId, String> purpose) {
        OptionalLong keyId = id.map(session -> tokens.verify(purpose.apply(session), token, Instant.now()))
                .orElse(OptionalLong.empty());
        return authentication
                .holder(keyId)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(new Entrance(
                                sessions,
                                id.orElseThrow(),
                                found.get().keyId(),
                                found.get().acts()))
                        : refusal(ErrorCode.UNAUTHENTICATED, "the token is not valid for this session"));
    }

    /**
     * The API key for which the token of a WebDriver session's id was issued, or else that of the client. Fails where a page of another origin
     * asks: browsers remember the password of Basic authentication.
     */
    Future<ApiKey> driverKey(HttpServerRequest request, String driverId) {
        if (!origins.allows(request)) {
            return refusal(ErrorCode.FORBIDDEN, "pages of other origins can't use the sockets of WebDriver");
        }
        OptionalLong keyId = DriverTokens.keyId(driverId, tokens);
        Future<ApiKey> key = keyId.isEmpty()
                ? key(Optional.ofNullable(request.getParam("token")).orElseGet(() -> KeyInUrl.header(request)))
                : authentication
                        .holder(keyId)
                        .compose(found -> found.map(Future::succeededFuture)
                                .orElseGet(() -> refusal(
                                        ErrorCode.UNAUTHENTICATED,
                                        "the key of this session was revoked, or has expired")));
        return key.compose(SocketAccess::acting);
    }

    private static Future<ApiKey> acting(ApiKey key) {
        return key.acts() ? Future.succeededFuture(key) : Future.failedFuture(Reading.refusal());
    }

    /** The API key of a client that asks for a new session. */
    Future<ApiKey> creator(HttpServerRequest request) {
        return keyOf(request).compose(SocketAccess::acting);
    }

    /** The API key for which a token was issued that creates this session. */
    Future<ApiKey> creator(HttpServerRequest request, SessionId id) {
        OptionalLong keyId = tokens.verify(
                SessionLinks.connectPurpose(id),
                Optional.ofNullable(request.getParam("token")).orElse(""),
                Instant.now());
        return authentication
                .holder(keyId)
                .compose(
                        found -> found.filter(ApiKey::acts).isPresent()
                                ? Future.succeededFuture(found.get())
                                : refusal(
                                        ErrorCode.UNAUTHENTICATED,
                                        "the token is not valid for a new session any more: ask for another address with GET …/json/version"));
    }

    /**
     * The API key of a client. It may stand in the query too, but not from pages of other origins.
     */
    Future<ApiKey> keyOf(HttpServerRequest request) {
        String inQuery = request.getParam("token");
        if (inQuery != null && !origins.allows(request)) {
            return refusal(ErrorCode.FORBIDDEN, "a page of another origin can't use an API key");
        }
        return key(inQuery == null ? Authentication.key(request) : inQuery);
    }

    private Future<ApiKey> key(String key) {
        if (key.isEmpty()) {
            return refusal(ErrorCode.UNAUTHENTICATED, "this request needs a token or an API key");
        }
        return authentication
                .find(key)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found.get())
                        : refusal(ErrorCode.UNAUTHENTICATED, "the API key is unknown, was revoked, or has expired"));
    }

    static <T> Future<T> refusal(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }

    static <T> Future<T> unknown() {
        return refusal(ErrorCode.SESSION_NOT_FOUND, "no session has this id");
    }

    /**
     * The error for a client that was refused. Where a session has no handler, the history tells whether it has ended or never
     * existed.
     *
     * @param id of the session, if the client may know of it
     */
    public Future<BerthException> explain(Throwable e, HttpServerRequest request, Optional<SessionId> id) {
        BerthException known = known(e);
        if (known.code() != ErrorCode.SESSION_NOT_FOUND || id.isEmpty()) {
            return Future.succeededFuture(known);
        }
        return lookUp(request, id.get())
                .map(found -> found.map(SessionDescription::absence).orElse(known))
                .otherwise(SocketAccess::known);
    }

    /** The session as the history has it, if the client may know of it. */
    Future<Optional<SessionDescription>> lookUp(HttpServerRequest request, SessionId id) {
        String token = request.getParam("token");
        Future<Optional<ApiKey>> key =
                token == null ? key(Authentication.key(request)).map(Optional::of) : authentication.find(token);
        return key.compose(
                found -> found.isPresent() ? history.find(id, found.get().userId()) : history.find(id));
    }

    /** The error that a client is told; what is no error of a client's is logged. */
    static BerthException known(Throwable e) {
        if (e instanceof BerthException known) {
            return known;
        }
        log.error("a socket or a stream of events failed", e);
        return new BerthException(ErrorCode.INTERNAL, "the server failed");
    }
}
