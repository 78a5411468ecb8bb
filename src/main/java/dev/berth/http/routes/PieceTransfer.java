package dev.berth.http.routes;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Sends a file in pieces, the next one when the client has taken the one before. A slow client then holds one piece in memory, and no
 * connection to the object store. On one event loop.
 */
public final class PieceTransfer {
    private static final int PIECE_BYTES = 1 << 18;

    private final Supplier<Future<Optional<Buffer>>> source;
    private final HttpServerResponse response;
    private final Promise<Void> done = Promise.promise();

    /** Reads parts of objects. */
    public interface Store {
        Future<Buffer> get(String key, long offset, int length);
    }

    /** Reads a part of an artifact: gives the next piece; empty after the last. */
    public static Supplier<Future<Optional<Buffer>>> pieces(Store store, String key, long first, long length) {
        AtomicLong next = new AtomicLong(first);
        return () -> {
            int size = (int) Math.min(PIECE_BYTES, first + length - next.get());
            return size == 0
                    ? Future.succeededFuture(Optional.empty())
                    : store.get(key, next.getAndAdd(size), size).map(piece -> whole(piece, size));
        };
    }

    private static Optional<Buffer> whole(Buffer piece, int size) {
        if (piece.length() != size) {
            throw new BerthException(ErrorCode.INTERNAL, "the stored artifact does not have its recorded size");
        }
        return Optional.of(piece);
    }

    /** @param source gives the next piece; empty after the last */
    public PieceTransfer(Supplier<Future<Optional<Buffer>>> source, HttpServerResponse response) {
        this.source = source;
        this.response = response;
    }

    /**
     * Completes when everything is sent, or the client has left; fails where a piece can't be had.
     *
     * @param describe sets the head of the response, once there is something to send: until then the response may become an error
     */
    public Future<Void> send(Runnable describe) {
        // The future of a write may never complete when the connection is lost.
        response.closeHandler(closed -> done.tryComplete());
        source.get()
                .<Void>map(first -> {
                    if (!response.closed()) {
                        describe.run();
                    }
                    write(first);
                    return null;
                })
                .onFailure(done::tryFail);
        return done.future();
    }

    /** A failed write means that the client has left, which is no failure. */
    private void write(Optional<Buffer> piece) {
        if (response.closed()) {
            done.tryComplete();
        } else if (piece.isEmpty()) {
            response.end();
            done.tryComplete();
        } else {
            response.write(piece.get())
                    .onSuccess(taken -> source.get().onSuccess(this::write).onFailure(done::tryFail))
                    .onFailure(left -> done.tryComplete());
        }
    }
}
