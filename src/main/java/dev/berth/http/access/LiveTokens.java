package dev.berth.http.access;

import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Requires the token of a session's {@code liveUrl}, or else an API key: the page there shows what an ended session left. */
public final class LiveTokens implements SecurityPolicyHandler {
    /** What the page links to. */
    public static final Set<String> OPERATIONS = Set.of(
            "listArtifacts", "listActions", "listConsole", "listNetwork", "getHar", "getThumbnail", "getTimeline");

    private final LinkTokens tokens;
    private final Authentication authentication;

    public LiveTokens(LinkTokens tokens, Authentication authentication) {
        this.tokens = tokens;
        this.authentication = authentication;
    }

    @Override
    public void handle(RoutingContext ctx) {
        String token = ctx.request().getParam("token");
        if (token == null) {
            authentication.handle(ctx);
            return;
        }
        OptionalLong keyId = SessionId.parse(ctx.pathParam("sessionId"))
                .map(id -> tokens.verify(SessionLinks.livePurpose(id), token, Instant.now()))
                .orElseGet(OptionalLong::empty);
        authentication.admit(
                ctx,
                keyId.isEmpty() ? Future.succeededFuture(Optional.empty()) : authentication.holder(keyId.getAsLong()),
                "the token is not valid for this session");
    }
}
