package dev.berth.http;

import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** The addresses at which a client reaches a session's sockets: under the public URL, or as the client called us. */
final class SessionLinks {
    private final Optional<URI> publicUrl;
    private final SessionTokens tokens;

    SessionLinks(Optional<URI> publicUrl, SessionTokens tokens) {
        this.publicUrl = publicUrl;
        this.tokens = tokens;
    }

    String connectUrl(RoutingContext ctx, SessionAccepted session) {
        return cdpUrl(ctx.request(), session.sessionId(), token(session));
    }

    /** With a token that is good until {@code expiresAt}. */
    String cdpUrl(HttpServerRequest request, SessionId id, Instant expiresAt) {
        return cdpUrl(request, id, tokens.issue(id, expiresAt));
    }

    String cdpUrl(HttpServerRequest request, SessionId id, String token) {
        return socketBase(request) + "/api/sessions/" + id + "/cdp?token=" + token;
    }

    /** Of a session that is made for who connects, with the query that {@code request} has. */
    String connectUrl(HttpServerRequest request) {
        return socketBase(request) + "/connect" + (request.query() == null ? "" : "?" + request.query());
    }

    private String socketBase(HttpServerRequest request) {
        return base(request).replaceFirst("^http", "ws");
    }

    String liveUrl(RoutingContext ctx, SessionAccepted session) {
        return base(ctx.request()) + "/live/" + session.sessionId() + "?token=" + token(session);
    }

    private String token(SessionAccepted session) {
        return tokens.issue(session.sessionId(), session.expiresAt());
    }

    private String base(HttpServerRequest request) {
        return publicUrl.map(url -> url.toString().replaceFirst("/+$", "")).orElseGet(() -> {
            HostAndPort called = request.authority();
            String local =
                    request.localAddress().host() + ":" + request.localAddress().port();
            return request.scheme() + "://" + (called == null ? local : called.toString());
        });
    }
}
