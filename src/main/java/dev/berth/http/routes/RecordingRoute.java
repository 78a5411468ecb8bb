package dev.berth.http.routes;

import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.ArtifactTransfer.ByteRange;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.ArtifactEntry.RecordingInProgress;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileSystem;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code GET …/recording}: what the encoder of a running recording has written so far, whole or from an offset on, so that a person can go
 * back in a live session. The recording's own limit of size bounds the answer. For any event loop.
 */
public final class RecordingRoute {
    private static final String TYPE = "video/webm";

    private final SessionAccess access;
    private final FileSystem disk;
    private final Function<String, Path> files;
    private final CountLimit<Long> sending = new CountLimit<>(
            new Bound(4, "4 running recordings are already being sent with this API key; try again"),
            new Bound(
                    32,
                    new BerthException(ErrorCode.NOT_READY, "too many running recordings are being sent; try again")));

    /** @param files gives the file of a running recording of this node, by the id of its artifact */
    public RecordingRoute(SessionAccess access, FileSystem disk, Function<String, Path> files) {
        this.access = access;
        this.disk = disk;
        this.files = files;
    }

    public void send(RoutingContext ctx) {
        Answers.call(access::describe, ctx)
                .map(RecordingRoute::running)
                .compose(id -> sending.during(Authentication.key(ctx).keyId(), () -> send(ctx, id)))
                .onFailure(ctx::fail);
    }

    private static String running(SessionDescription session) {
        if (session.endReason().isPresent()) {
            throw session.absence();
        }
        return session.recording()
                .map(RecordingInProgress::objectId)
                .orElseThrow(() -> new BerthException(
                        ErrorCode.CONFLICT, "the session is not being recorded: POST …/recording/start begins that"));
    }

    private Future<Void> send(RoutingContext ctx, String id) {
        String path = files.apply(id).toString();
        return disk.open(path, new OpenOptions().setWrite(false).setCreate(false))
                .recover(e -> Future.failedFuture(
                        new BerthException(ErrorCode.NOT_READY, "nothing of the recording is written yet; try again")))
                .compose(file ->
                        file.size().compose(size -> send(ctx, id, file, size)).eventually(file::close));
    }

    private Future<Void> send(RoutingContext ctx, String id, AsyncFile file, long size) {
        HttpServerResponse response = ctx.response();
        Optional<ByteRange> asked =
                ArtifactTransfer.range(ctx.request(), size, tag(id)).filter(bytes -> bytes.length() > 0);
        if (asked.isEmpty()) {
            return response.setStatusCode(416)
                    .putHeader("Content-Range", "bytes */" + size)
                    .end()
                    .otherwiseEmpty();
        }
        ByteRange part = asked.get();
        var pieces = PieceTransfer.pieces(
                (key, offset, length) -> file.read(Buffer.buffer(length), 0, offset, length),
                id,
                part.first(),
                part.length());
        return new PieceTransfer(pieces, response).send(() -> describe(response, id, part, size));
    }

    /** Tells one recording from the next: the bytes of one recording stay as they are. */
    private static String tag(String id) {
        return "\"" + id + "\"";
    }

    private static void describe(HttpServerResponse response, String id, ByteRange part, long size) {
        ContentDisposition.describe(response, TYPE, id + ".webm")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("ETag", tag(id))
                .putHeader("Content-Length", Long.toString(part.length()));
        if (!part.isWhole(size)) {
            response.setStatusCode(206).putHeader("Content-Range", part.of(size));
        }
    }
}
