package dev.berth.http.routes;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.LongConsumer;

/**
 * Sends an artifact in pieces, the next one when the client has taken the one before. A slow client then holds one piece in
 * memory, and no connection to the object store. On one event loop.
 */
final class ArtifactTransfer {
    private static final int PIECE_BYTES = 1 << 18;

    private final Source source;
    private final HttpServerResponse response;
    private final LongConsumer sent;
    private final Promise<Void> done = Promise.promise();

    /** Reads parts of the artifact. */
    interface Source {
        Future<Buffer> get(long offset, int length);
    }

    /** @param sent called with the number of bytes after each write */
    ArtifactTransfer(Source source, HttpServerResponse response, LongConsumer sent) {
        this.source = source;
        this.response = response;
        this.sent = sent;
    }

    /**
     * Completes when everything is sent, or the client has left.
     *
     * @param describe sets the head of the response, once there is something to send
     */
    Future<Void> send(ByteRange part, Runnable describe) {
        // The future of a write may never complete when the connection is lost.
        response.closeHandler(closed -> done.tryComplete());
        sendFrom(part.first(), part.first() + part.length(), describe);
        return done.future();
    }

    private void sendFrom(long from, long end, Runnable describe) {
        int length = (int) Math.min(PIECE_BYTES, end - from);
        source.get(from, length)
                .compose(piece -> piece.length() == length
                        ? Future.succeededFuture(piece)
                        : Future.failedFuture(new BerthException(
                                ErrorCode.INTERNAL, "the stored artifact has another size than it should")))
                .onSuccess(piece -> write(piece, from, end, describe))
                .onFailure(done::tryFail);
    }

    /** A failed write means that the client has left, which is no failure. */
    private void write(Buffer piece, long from, long end, Runnable describe) {
        if (response.closed()) {
            done.tryComplete();
            return;
        }
        describe.run();
        response.write(piece)
                .onSuccess(taken -> {
                    sent.accept(piece.length());
                    if (from + piece.length() < end) {
                        sendFrom(from + piece.length(), end, () -> {});
                    } else {
                        response.end();
                        done.tryComplete();
                    }
                })
                .onFailure(left -> done.tryComplete());
    }
}
