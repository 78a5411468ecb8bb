package dev.berth.http;

import dev.berth.protocol.SessionAccepted;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
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
        return base(ctx).replaceFirst("^http", "ws") + "/api/sessions/" + session.sessionId() + "/cdp?token="
                + token(session);
    }

    String liveUrl(RoutingContext ctx, SessionAccepted session) {
        return base(ctx) + "/live/" + session.sessionId() + "?token=" + token(session);
    }

    private String token(SessionAccepted session) {
        return tokens.issue(session.sessionId(), session.expiresAt());
    }

    private String base(RoutingContext ctx) {
        return publicUrl.map(url -> url.toString().replaceFirst("/+$", "")).orElseGet(() -> {
            HostAndPort called = ctx.request().authority();
            String local = ctx.request().localAddress().host() + ":"
                    + ctx.request().localAddress().port();
            return ctx.request().scheme() + "://" + (called == null ? local : called.toString());
        });
    }
}
