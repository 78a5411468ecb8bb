package dev.berth.http.routes;

import dev.berth.access.LinkTokens;
import dev.berth.access.ShareTokens;
import dev.berth.artifact.ArtifactStore;
import dev.berth.history.ArtifactRepository;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code GET} and {@code HEAD} of {@code /artifacts/…?token=}: serves an artifact to every client that has its link, from the
 * spool or the object store, so that clients need not reach the object store. The content comes from web pages, so the headers
 * keep browsers from running it under this origin. Pages of other sites may read by a link. For any event loop.
 */
public final class ArtifactRoute {
    private static final String HOLDER = "berth.holder";

    private final ArtifactRepository artifacts;
    private final LinkTokens tokens;
    private final Authentication authentication;
    private final LinkAccess links;
    private final ArtifactTransfer transfer;

    public ArtifactRoute(
            ArtifactRepository artifacts,
            ArtifactStore store,
            LinkTokens tokens,
            Authentication authentication,
            LinkAccess links) {
        this.artifacts = artifacts;
        this.tokens = tokens;
        this.authentication = authentication;
        this.links = links;
        this.transfer = new ArtifactTransfer(store, "by links of this API key");
    }

    public void mount(Router router) {
        router.get(SessionLinks.ARTIFACTS + ":objectId").handler(this::answer);
        router.head(SessionLinks.ARTIFACTS + ":objectId").handler(this::answer);
    }

    private void answer(RoutingContext ctx) {
        // The link is the permission: pages such as Playwright's trace viewer may read by it. No cookie counts.
        ctx.response().putHeader("Access-Control-Allow-Origin", "*");
        String objectId = ctx.pathParam("objectId");
        Answers.respond(
                ctx,
                admit(objectId, ctx).compose(let -> artifacts.find(objectId)),
                found -> found.ifPresentOrElse(
                        artifact -> transfer.send(ctx, artifact, ctx.get(HOLDER)),
                        () -> ctx.fail(new BerthException(ErrorCode.NOT_FOUND, "this artifact does not exist"))));
    }

    private Future<Void> admit(String objectId, RoutingContext ctx) {
        String token = Optional.ofNullable(ctx.request().getParam("token")).orElse("");
        return ShareTokens.isOne(token) ? admitByLink(objectId, token, ctx) : admit(objectId, token, ctx);
    }

    private Future<Void> admitByLink(String objectId, String token, RoutingContext ctx) {
        return links.enterArtifact(objectId, token)
                .<Void>map(found -> {
                    ctx.put(HOLDER, LinkAccess.holder(found.link()));
                    links.admitTransfer(ctx, found.link());
                    return null;
                })
                .recover(e ->
                        ErrorCode.UNAUTHENTICATED.isOf(e) ? Future.failedFuture(invalid()) : Future.failedFuture(e));
    }

    private Future<Void> admit(String objectId, String token, RoutingContext ctx) {
        OptionalLong key = tokens.verify(SessionLinks.purpose(objectId), token, Instant.now());
        key.ifPresent(id -> ctx.put(HOLDER, id));
        return authentication
                .exists(key)
                .compose(let -> let ? Future.succeededFuture() : Future.failedFuture(invalid()));
    }

    private static BerthException invalid() {
        return new BerthException(
                ErrorCode.FORBIDDEN,
                "the link is invalid or has expired: get a new one from GET /api/sessions/:id/artifacts");
    }
}
