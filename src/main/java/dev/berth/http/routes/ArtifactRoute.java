package dev.berth.http.routes;

import dev.berth.artifact.ArtifactStore;
import dev.berth.history.ArtifactRepository;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.LinkTokens;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.ShareTokens;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code GET} and {@code HEAD} of {@code /artifacts/…?token=}: serves an artifact to every client that has its link, from the
 * spool or the object store, so that clients need not reach the object store. The content comes from web pages, so the headers
 * keep browsers from running it under this origin. For any event loop.
 */
public final class ArtifactRoute {
    private static final String HOLDER = "berth.holder";

    private final ArtifactRepository artifacts;
    private final ArtifactStore store;
    private final LinkTokens tokens;
    private final Authentication authentication;
    private final LinkAccess links;
    private final CountLimit<Long> sending;

    public ArtifactRoute(
            ArtifactRepository artifacts,
            ArtifactStore store,
            LinkTokens tokens,
            Authentication authentication,
            LinkAccess links) {
        this.artifacts = artifacts;
        this.store = store;
        this.tokens = tokens;
        this.authentication = authentication;
        this.links = links;
        this.sending = new CountLimit<>(
                new Bound(16, "16 files are being sent by links of this API key already; try again"),
                new Bound(64, new BerthException(ErrorCode.NOT_READY, "too many files are being sent; try again")));
    }

    public void mount(Router router) {
        router.get(SessionLinks.ARTIFACTS + ":objectId").handler(this::answer);
        router.head(SessionLinks.ARTIFACTS + ":objectId").handler(this::answer);
    }

    private void answer(RoutingContext ctx) {
        String objectId = ctx.pathParam("objectId");
        admit(objectId, ctx)
                .compose(let -> artifacts.find(objectId))
                .onSuccess(found -> found.ifPresentOrElse(
                        artifact -> send(ctx, artifact),
                        () -> ctx.fail(new BerthException(ErrorCode.NOT_FOUND, "there is no such artifact"))))
                .onFailure(ctx::fail);
    }

    private Future<Void> admit(String objectId, RoutingContext ctx) {
        String token = Optional.ofNullable(ctx.request().getParam("token")).orElse("");
        return ShareTokens.isOne(token) ? admitByLink(objectId, token, ctx) : admit(objectId, token, ctx);
    }

    private Future<Void> admitByLink(String objectId, String token, RoutingContext ctx) {
        return links.enterArtifact(objectId, token)
                .onSuccess(found -> {
                    ctx.put(HOLDER, LinkAccess.holder(found.link()));
                    links.admitTransfer(ctx, found.link());
                })
                .recover(e ->
                        ErrorCode.UNAUTHENTICATED.isOf(e) ? Future.failedFuture(invalid()) : Future.failedFuture(e))
                .mapEmpty();
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
                "the link is invalid or has expired: GET /api/sessions/:id/artifacts gives new ones");
    }

    private void send(RoutingContext ctx, ArtifactEntry artifact) {
        HttpServerResponse response = ctx.response();
        String tag = "\"" + artifact.objectId() + "\"";
        if (tag.equals(ctx.request().getHeader("If-None-Match"))) {
            describe(response, artifact, tag);
            response.setStatusCode(304).end();
            return;
        }
        Optional<ByteRange> range = range(ctx.request(), artifact.size(), tag);
        if (range.isEmpty()) {
            response.setStatusCode(416)
                    .putHeader("Content-Range", "bytes */" + artifact.size())
                    .end();
            return;
        }
        ByteRange part = range.get();
        if (ctx.request().method().equals(HttpMethod.HEAD) || part.length() == 0) {
            describe(response, artifact, tag, part);
            response.end();
        } else {
            transfer(ctx, artifact, part, () -> describe(response, artifact, tag, part));
        }
    }

    private static void describe(HttpServerResponse response, ArtifactEntry artifact, String tag, ByteRange part) {
        describe(response, artifact, tag);
        response.putHeader("Content-Length", Long.toString(part.length()));
        if (!part.isWhole(artifact.size())) {
            response.setStatusCode(206).putHeader("Content-Range", part.of(artifact.size()));
        }
    }

    private static void describe(HttpServerResponse response, ArtifactEntry artifact, String tag) {
        String name = artifact.fileName()
                .orElseGet(() ->
                        artifact.objectKey().substring(artifact.objectKey().lastIndexOf('/') + 1));
        ContentDisposition.describe(response, artifact.contentType(), name)
                .putHeader("Cache-Control", "private")
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("ETag", tag);
    }

    private static Optional<ByteRange> range(HttpServerRequest request, long size, String tag) {
        String range = request.getHeader("Range");
        String condition = request.getHeader("If-Range");
        return range == null || condition != null && !condition.equals(tag)
                ? Optional.of(ByteRange.whole(size))
                : ByteRange.parse(range, size);
    }

    private void transfer(RoutingContext ctx, ArtifactEntry artifact, ByteRange part, Runnable describe) {
        var pieces = PieceTransfer.pieces(store::get, artifact.objectKey(), part.first(), part.length());
        sending.during(ctx.get(HOLDER), () -> new PieceTransfer(pieces, ctx.response()).send(describe))
                .onFailure(ctx::fail);
    }
}
