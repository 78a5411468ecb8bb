package dev.berth.http.routes;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.LongConsumer;

/**
 * Sends an artifact piece by piece, the next when the client has taken the one before: a slow client holds one piece of memory,
 * and none of the object store's connections. On one event loop.
 */
final class ArtifactTransfer {
    private static final int PIECE_BYTES = 1 << 18;

    private final Source source;
    private final HttpServerResponse response;
    private final LongConsumer sent;
    private final Promise<Void> done = Promise.promise();

    /** Where the artifact's bytes are. */
    interface Source {
        Future<Buffer> get(long offset, int length);
    }

    /** @param sent is told how many more bytes have gone out */
    ArtifactTransfer(Source source, HttpServerResponse response, LongConsumer sent) {
        this.source = source;
        this.response = response;
        this.sent = sent;
    }

    /**
     * Completes when all is sent, or nobody waits for it any more.
     *
     * @param describe makes the head of the answer, as soon as there is something to send
     */
    Future<Void> send(ByteRange part, Runnable describe) {
        // A write whose connection is lost may never be answered.
        response.closeHandler(closed -> done.tryComplete());
        sendFrom(part.first(), part.first() + part.length(), describe);
        return done.future();
    }

    private void sendFrom(long from, long end, Runnable describe) {
        int length = (int) Math.min(PIECE_BYTES, end - from);
        source.get(from, length)
                .compose(piece -> piece.length() == length
                        ? Future.succeededFuture(piece)
                        : Future.failedFuture(
                                new BerthException(ErrorCode.INTERNAL, "the artifact is not what it was")))
                .onSuccess(piece -> write(piece, from, end, describe))
                .onFailure(done::tryFail);
    }

    /** One that can't be written has no client any more, which is no failure. */
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
