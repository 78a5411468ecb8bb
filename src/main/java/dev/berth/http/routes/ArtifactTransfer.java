package dev.berth.http.routes;

import dev.berth.artifact.ArtifactStore;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Sends artifacts, whole or a range of their bytes, from the spool or the object store. The content comes from web pages, so the headers
 * keep browsers from running it under this origin. For any event loop.
 */
final class ArtifactTransfer {
    private final ArtifactStore store;
    private final CountLimit<Long> sending;

    /** @param whose tells a client that has too many transfers whose they are */
    ArtifactTransfer(ArtifactStore store, String whose) {
        this.store = store;
        this.sending = new CountLimit<>(
                new Bound(16, "16 files are being sent " + whose + " already; try again"),
                new Bound(64, new BerthException(ErrorCode.NOT_READY, "too many files are being sent; try again")));
    }

    /** @param holder by whom transfers are counted */
    void send(RoutingContext ctx, ArtifactEntry artifact, long holder) {
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
            transfer(ctx, artifact, part, holder, () -> describe(response, artifact, tag, part));
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

    private void transfer(RoutingContext ctx, ArtifactEntry artifact, ByteRange part, long holder, Runnable describe) {
        var pieces = PieceTransfer.pieces(store::get, artifact.objectKey(), part.first(), part.length());
        sending.during(holder, () -> new PieceTransfer(pieces, ctx.response()).send(describe))
                .onFailure(ctx::fail);
    }
}
