package dev.berth.http.webdriver;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Selenium's answer with a file, {@code {"value": {"filename", "contents"}}}, piece by piece: the contents are the base64 of a ZIP, of
 * which this class holds a piece at a time. Workers write. On one event loop.
 */
final class ZippedDownload {
    private final String name;
    private final Supplier<Future<Optional<Buffer>>> file;
    private final WorkerExecutor workers;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(Base64.getEncoder().wrap(written));
    private boolean begun;
    private boolean over;

    /** @param file gives the file's next piece; empty after the last */
    ZippedDownload(String name, Supplier<Future<Optional<Buffer>>> file, WorkerExecutor workers) {
        this.name = name;
        this.file = file;
        this.workers = workers;
    }

    /** The next piece; empty after the last. */
    Future<Optional<Buffer>> next() {
        if (over) {
            return Future.succeededFuture(Optional.empty());
        }
        return file.get()
                .compose(piece -> {
                    over = piece.isEmpty();
                    return write(() -> piece.isPresent() ? add(piece.get()) : end());
                })
                // The ZIP keeps a small piece until its end, and no piece of a response may be empty.
                .compose(bytes -> bytes.length() == 0 ? next() : Future.succeededFuture(Optional.of(bytes)));
    }

    private Future<Buffer> write(Callable<Buffer> work) {
        return workers.executeBlocking(work, false);
    }

    private synchronized Buffer add(Buffer piece) throws IOException {
        begin();
        zip.write(piece.getBytes());
        return take();
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            String head = "{\"value\":{\"filename\":" + Json.encode(name) + ",\"contents\":\"";
            written.writeBytes(head.getBytes(StandardCharsets.UTF_8));
            zip.setLevel(Deflater.NO_COMPRESSION);
            zip.putNextEntry(new ZipEntry(name));
        }
    }

    private synchronized Buffer end() throws IOException {
        begin();
        zip.close();
        written.writeBytes("\"}}".getBytes(StandardCharsets.UTF_8));
        return take();
    }

    private Buffer take() {
        Buffer piece = Buffer.buffer(written.toByteArray());
        written.reset();
        return piece;
    }

    /** Frees memory that is not Java's, wherever it stopped. */
    Future<Void> close() {
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
