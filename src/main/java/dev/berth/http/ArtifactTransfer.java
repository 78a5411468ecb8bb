package dev.berth.http;

import dev.berth.artifact.ArtifactStore;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;

/**
 * Sends an artifact piece by piece, the next when the client has taken the one before: a slow client holds one piece of memory,
 * and none of the object store's connections. On one event loop.
 */
final class ArtifactTransfer {
    private static final int PIECE_BYTES = 1 << 18;

    private final ArtifactStore store;
    private final String key;
    private final HttpServerResponse response;
    private final Promise<Void> done = Promise.promise();

    ArtifactTransfer(ArtifactStore store, String key, HttpServerResponse response) {
        this.store = store;
        this.key = key;
        this.response = response;
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
        store.get(key, from, length)
                .compose(piece -> {
                    if (response.closed()) {
                        return Future.failedFuture("the client has left");
                    }
                    if (piece.length() != length) {
                        return Future.failedFuture(
                                new BerthException(ErrorCode.INTERNAL, "the artifact is not what it was"));
                    }
                    describe.run();
                    return response.write(piece);
                })
                .onSuccess(taken -> {
                    if (from + length < end) {
                        sendFrom(from + length, end, () -> {});
                    } else {
                        response.end();
                        done.tryComplete();
                    }
                })
                .onFailure(done::tryFail);
    }
}
