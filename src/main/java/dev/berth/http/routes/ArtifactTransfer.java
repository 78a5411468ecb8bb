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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
                new Bound(16, "16 files are already being sent " + whose + "; try again"),
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

    /** The bytes that a request asks for; empty where they are outside the file. */
    static Optional<ByteRange> range(HttpServerRequest request, long size, String tag) {
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

    /**
     * A range of bytes in a file.
     *
     * @param first the offset of its first byte
     * @param length at least 1, except for the whole of an empty file
     */
    record ByteRange(long first, long length) {
        /** For several ranges a server may send the whole file: no known client asks for several. */
        private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

        static ByteRange whole(long size) {
            return new ByteRange(0, size);
        }

        /**
         * The range that a {@code Range} header asks for (RFC 9110, 14.2): the whole file where the header is not understood, empty
         * where the range is outside the file.
         */
        static Optional<ByteRange> parse(String header, long size) {
            Matcher range = ONE.matcher(header);
            if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
                return Optional.of(whole(size));
            }
            if (range.group(1).isEmpty()) {
                return suffix(Long.parseLong(range.group(2)), size);
            }
            long first = Long.parseLong(range.group(1));
            long last = range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
            if (!range.group(2).isEmpty() && Long.parseLong(range.group(2)) < first) {
                return Optional.of(whole(size));
            }
            return first >= size ? Optional.empty() : Optional.of(new ByteRange(first, last - first + 1));
        }

        private static Optional<ByteRange> suffix(long bytes, long size) {
            long length = Math.min(bytes, size);
            return length == 0 ? Optional.empty() : Optional.of(new ByteRange(size - length, length));
        }

        boolean isWhole(long size) {
            return length == size;
        }

        /** The value of {@code Content-Range}. */
        String of(long size) {
            return "bytes " + first + "-" + (first + length - 1) + "/" + size;
        }
    }
}
