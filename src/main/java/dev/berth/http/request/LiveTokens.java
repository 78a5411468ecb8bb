package dev.berth.http.request;

import dev.berth.access.ApiKey;
import dev.berth.access.LinkTokens;
import dev.berth.access.ShareLinkRepository.Found;
import dev.berth.access.ShareTokens;
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
    /** The operations for both kinds of tokens. The page at {@code liveUrl} links to some of them. */
    private static final Set<String> OPERATIONS = Set.of(
            "listArtifacts",
            "listActions",
            "listSteps",
            "listConsole",
            "listNetwork",
            "getHar",
            "getThumbnail",
            "getRecording",
            "getTimeline");
    /**
     * The operations for links to whole sessions only: they read the session's options, bodies of responses, or files that contain these.
     */
    private static final Set<String> OF_WHOLE_LINKS =
            Set.of("getSession", "getNetworkBody", "getReport", "getScript", "exportSession", "getFilesZip");
    /** The operations whose answers take a while to be sent. */
    private static final Set<String> TRANSFERS = Set.of("getHar", "getRecording", "exportSession", "getFilesZip");

    private static final String REFUSAL = "the token is not valid for this session";

    private final LinkTokens tokens;
    private final Authentication authentication;
    private final LinkAccess links;
    private final boolean takesLive;
    private final boolean isTransfer;

    private LiveTokens(String operationId, LinkTokens tokens, Authentication authentication, LinkAccess links) {
        this.tokens = tokens;
        this.authentication = authentication;
        this.links = links;
        this.takesLive = OPERATIONS.contains(operationId);
        this.isTransfer = TRANSFERS.contains(operationId);
    }

    /** Guards an operation that takes tokens; empty for one that takes none. */
    public static Optional<SecurityPolicyHandler> of(
            String operationId, LinkTokens tokens, Authentication authentication, LinkAccess links) {
        return OPERATIONS.contains(operationId) || OF_WHOLE_LINKS.contains(operationId)
                ? Optional.of(new LiveTokens(operationId, tokens, authentication, links))
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
        authentication.admit(ctx, ShareTokens.isOne(token) ? byLink(ctx, id, token) : byLive(ctx, id, token), REFUSAL);
    }

    private Future<Optional<ApiKey>> byLink(RoutingContext ctx, Optional<SessionId> id, String token) {
        return links.enter(id, token).map(found -> {
            if (!found.link().whole()) {
                throw watchingOnly();
            }
            return Optional.of(holder(ctx, found));
        });
    }

    /** The key that the link was made with, without the rights of an admin. */
    private ApiKey holder(RoutingContext ctx, Found found) {
        if (isTransfer) {
            links.admitTransfer(ctx, found.link());
        } else {
            links.admit(ctx, found.link());
        }
        return new ApiKey(found.link().keyId(), found.userId(), false);
    }

    private static BerthException watchingOnly() {
        return new BerthException(ErrorCode.UNAUTHENTICATED, "the link gives access to the session's live view only");
    }

    private Future<Optional<ApiKey>> byLive(RoutingContext ctx, Optional<SessionId> id, String token) {
        // A HAR may have the bodies of responses.
        boolean bodies = ctx.request().params().contains("content", "true", false);
        OptionalLong keyId = id.filter(session -> takesLive && !bodies)
                .map(session -> tokens.verify(SessionLinks.livePurpose(session), token, Instant.now()))
                .orElseGet(OptionalLong::empty);
        return keyId.isEmpty() ? Future.succeededFuture(Optional.empty()) : authentication.holder(keyId.getAsLong());
    }
}
