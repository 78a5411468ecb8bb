package dev.berth.http.access;

import dev.berth.history.ApiKey;
import dev.berth.history.ShareLink;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Requires the token of a link to a whole session, or of the session's {@code liveUrl}, or else an API key. A token reads, and does
 * nothing else.
 */
public final class LiveTokens implements SecurityPolicyHandler {
    /** What both kinds of tokens read. The page at {@code liveUrl} links to some of it. */
    private static final Set<String> OPERATIONS = Set.of(
            "listArtifacts",
            "listActions",
            "listConsole",
            "listNetwork",
            "getHar",
            "getThumbnail",
            "getTimeline",
            "getReport",
            "exportSession");
    /** What only links to whole sessions read. */
    private static final Set<String> OF_WHOLE_LINKS = Set.of("getSession", "getNetworkBody");

    private static final String REFUSAL = "the token is not valid for this session";

    private final LinkTokens tokens;
    private final Authentication authentication;
    private final LinkAccess links;
    private final boolean takesLive;

    private LiveTokens(LinkTokens tokens, Authentication authentication, LinkAccess links, boolean takesLive) {
        this.tokens = tokens;
        this.authentication = authentication;
        this.links = links;
        this.takesLive = takesLive;
    }

    /** Guards an operation that takes tokens; empty for one that takes none. */
    public static Optional<SecurityPolicyHandler> of(
            String operationId, LinkTokens tokens, Authentication authentication, LinkAccess links) {
        boolean takesLive = OPERATIONS.contains(operationId);
        return takesLive || OF_WHOLE_LINKS.contains(operationId)
                ? Optional.of(new LiveTokens(tokens, authentication, links, takesLive))
                : Optional.empty();
    }

    @Override
    public void handle(RoutingContext ctx) {
        String token = ctx.request().getParam("token");
        if (token == null) {
            authentication.handle(ctx);
            return;
        }
        Optional<SessionId> id = SessionId.parse(ctx.pathParam("sessionId"));
        authentication.admit(ctx, ShareTokens.isOne(token) ? byLink(ctx, id, token) : byLive(id, token), REFUSAL);
    }

    private Future<Optional<ApiKey>> byLink(RoutingContext ctx, Optional<SessionId> id, String token) {
        return links.enter(id, token)
                .compose(link -> link.whole() ? holder(ctx, link) : Future.failedFuture(watchingOnly()));
    }

    private Future<Optional<ApiKey>> holder(RoutingContext ctx, ShareLink link) {
        return authentication.holder(link.keyId()).onSuccess(key -> links.admit(ctx, link));
    }

    private static BerthException watchingOnly() {
        return new BerthException(ErrorCode.UNAUTHENTICATED, "the link is to the session's live view only");
    }

    private Future<Optional<ApiKey>> byLive(Optional<SessionId> id, String token) {
        OptionalLong keyId = id.filter(session -> takesLive)
                .map(session -> tokens.verify(SessionLinks.livePurpose(session), token, Instant.now()))
                .orElseGet(OptionalLong::empty);
        return keyId.isEmpty() ? Future.succeededFuture(Optional.empty()) : authentication.holder(keyId.getAsLong());
    }
}
