package dev.berth.http.webdriver;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.FileCommand.FileName;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The one file of the ZIP in a client's {@code {"file": "<base64>"}}, unpacked piece by piece on a worker, as fast as its reader takes the
 * pieces: what the ZIP says of its size is not believed. Begins paused, and stops for good where nobody handles its pieces. On one event loop.
 */
final class ZippedUpload implements ReadStream<Buffer> {
    private static final int PIECE_BYTES = 1 << 18;
    private static final BerthException NO_ZIP =
            BerthException.invalid("file: must be the base64 of a ZIP in which one file is");

    private final WorkerExecutor workers;
    private final ZipInputStream zip;
    private final String name;
    private Handler<Buffer> pieces;
    private Handler<Void> end;
    private Handler<Throwable> failure;
    private boolean flowing;
    private boolean reading;
    private boolean over;
    /** Came while its reader paused. */
    private Future<Buffer> held;

    private ZippedUpload(WorkerExecutor workers, ZipInputStream zip, String name) {
        this.workers = workers;
        this.zip = zip;
        this.name = name;
    }

    /** Opens the ZIP in a request's body; fails with {@code INVALID_ARGUMENT} where the body has none. To be closed by {@link #close}. */
    static Future<ZippedUpload> open(WorkerExecutor workers, Buffer body) {
        return workers.executeBlocking(
                () -> {
                    ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(decoded(body)));
                    try {
                        return new ZippedUpload(workers, zip, name(zip));
                    } catch (IOException | RuntimeException e) {
                        zip.close();
                        throw told(e);
                    }
                },
                false);
    }

    private static byte[] decoded(Buffer body) {
        try {
            if (new JsonObject(body).getValue("file") instanceof String text) {
                // Clients in Python break the lines.
                return Base64.getMimeDecoder().decode(text);
            }
        } catch (DecodeException e) {
            throw BerthException.invalid("the body must be a JSON object: {\"file\": \"<base64>\"}");
        } catch (IllegalArgumentException e) {
            throw NO_ZIP;
        }
        throw NO_ZIP;
    }

    private static String name(ZipInputStream zip) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null || entry.isDirectory()) {
            throw NO_ZIP;
        }
        return FileName.of(entry.getName());
    }

    /** A ZIP with a name that is no text fails with an {@link IllegalArgumentException}. */
    private static Exception told(Exception e) {
        boolean wrong =
                !(e instanceof BerthException) && (e instanceof IOException || e instanceof IllegalArgumentException);
        return wrong ? BerthException.invalid("file: the ZIP can't be read: " + e.getMessage()) : e;
    }

    /** Valid in any folder. */
    String name() {
        return name;
    }

    @Override
    public ReadStream<Buffer> handler(Handler<Buffer> handler) {
        over |= pieces != null && handler == null;
        pieces = handler;
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(Handler<Void> handler) {
        end = handler;
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
        failure = handler;
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        flowing = false;
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        flowing = true;
        if (held != null) {
            Future<Buffer> piece = held;
            held = null;
            deliver(piece);
        } else {
            next();
        }
        return this;
    }

    /** Readers of this stream take every piece, or pause the stream. */
    @Override
    public ReadStream<Buffer> fetch(long amount) {
        return resume();
    }

    private void next() {
        if (flowing && !reading && !over && pieces != null) {
            reading = true;
            workers.executeBlocking(this::read, false).onComplete(read -> {
                reading = false;
                Future<Buffer> piece =
                        read.succeeded() ? Future.succeededFuture(read.result()) : Future.failedFuture(read.cause());
                if (flowing) {
                    deliver(piece);
                } else {
                    held = piece;
                }
            });
        }
    }

    /** The next bytes; none at the end. */
    private synchronized Buffer read() throws Exception {
        try {
            byte[] piece = zip.readNBytes(PIECE_BYTES);
            if (piece.length == 0 && zip.getNextEntry() != null) {
                throw BerthException.invalid("file: the ZIP has more than one file; send one ZIP for each");
            }
            return Buffer.buffer(piece);
        } catch (IOException | RuntimeException e) {
            throw told(e);
        }
    }

    private void deliver(Future<Buffer> piece) {
        if (over || pieces == null) {
            return;
        }
        if (piece.succeeded() && piece.result().length() > 0) {
            pieces.handle(piece.result());
            next();
            return;
        }
        over = true;
        if (piece.failed()) {
            failure.handle(piece.cause());
        } else {
            end.handle(null);
        }
    }

    /** Frees memory that is not Java's, wherever it stopped. */
    Future<Void> close() {
        over = true;
        return workers.executeBlocking(
                () -> {
                    synchronized (this) {
                        zip.close();
                    }
                    return null;
                },
                false);
    }
}
