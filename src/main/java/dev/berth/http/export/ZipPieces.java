package dev.berth.http.export;

import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ZIP of files, piece by piece: reads a piece of a file, and compresses it on a worker. A file that can't be read at all is told in
 * a last file, {@code MISSING.txt}. A file that breaks off fails the whole ZIP. On one event loop.
 */
final class ZipPieces {
    static final String MISSING = "MISSING.txt";

    private static final Logger log = LoggerFactory.getLogger(ZipPieces.class);

    private final Iterator<ExportFile> files;
    private final WorkerExecutor workers;
    private final ZipArchive archive = new ZipArchive();
    private final List<String> missing = new ArrayList<>();
    private Optional<ExportFile> open = Optional.empty();
    private boolean over;

    ZipPieces(List<ExportFile> files, WorkerExecutor workers) {
        this.files = files.iterator();
        this.workers = workers;
    }

    /** The next piece; empty after the last. */
    Future<Optional<Buffer>> next() {
        Promise<Optional<Buffer>> next = Promise.promise();
        look(next);
        return next.future();
    }

    /** A loop, because thousands of files that are missing in a row would make the stack of composed futures overflow. */
    private void look(Promise<Optional<Buffer>> next) {
        Future<Optional<Buffer>> step = step();
        while (step.succeeded() && isNothingYet(step.result())) {
            step = step();
        }
        step.onFailure(next::fail).onSuccess(piece -> {
            if (isNothingYet(piece)) {
                look(next);
            } else {
                next.complete(piece);
            }
        });
    }

    /** Whether a file was missing or ended, or the compressor keeps what it was given. */
    private static boolean isNothingYet(Optional<Buffer> piece) {
        return piece.isPresent() && piece.get().length() == 0;
    }

    private Future<Optional<Buffer>> step() {
        if (over) {
            return Future.succeededFuture(Optional.empty());
        } else if (open.isPresent()) {
            return goOn(open.get());
        } else if (files.hasNext()) {
            return begin(files.next());
        }
        over = true;
        return write(this::end);
    }

    private Future<Optional<Buffer>> begin(ExportFile file) {
        return Future.succeededFuture().compose(now -> file.source().next()).transform(first -> {
            if (first.failed()) {
                miss(file.name(), first.cause());
                return Future.succeededFuture(Optional.of(Buffer.buffer()));
            }
            open = Optional.of(file);
            return write(() -> {
                archive.begin(file.name(), file.packs());
                return add(first.result());
            });
        });
    }

    private Future<Optional<Buffer>> goOn(ExportFile file) {
        return file.source().next().compose(piece -> {
            if (piece.isEmpty()) {
                open = Optional.empty();
                return Future.succeededFuture(Optional.of(Buffer.buffer()));
            }
            return write(() -> add(piece));
        });
    }

    private Buffer add(Optional<Callable<Buffer>> piece) throws Exception {
        if (piece.isPresent()) {
            archive.add(piece.get().call());
        }
        return archive.take();
    }

    private Future<Optional<Buffer>> write(Callable<Buffer> piece) {
        return workers.executeBlocking(() -> Optional.of(piece.call()), false);
    }

    private void miss(String name, Throwable why) {
        if (!(why instanceof BerthException)) {
            log.error("a file of an export can't be read: {}", name, why);
        }
        String reason = why instanceof BerthException ? why.getMessage() : "the server failed";
        missing.add(name + ": " + reason.replaceAll("\\p{C}+", " "));
    }

    private Buffer end() throws IOException {
        if (!missing.isEmpty()) {
            archive.begin(MISSING, true);
            archive.add(Buffer.buffer("These files are missing:\n" + String.join("\n", missing) + "\n"));
        }
        return archive.end();
    }

    /** Frees memory, wherever it stopped. */
    Future<Void> close() {
        return workers.executeBlocking(
                () -> {
                    archive.close();
                    return null;
                },
                false);
    }

    /** Holds no more than a piece and the list of its files. Used by one worker at a time, and closed by any. */
    private static final class ZipArchive {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final ZipOutputStream zip = new ZipOutputStream(written);

        /** Begins a file, after the one before. */
        synchronized void begin(String name, boolean packs) throws IOException {
            zip.closeEntry();
            zip.setLevel(packs ? Deflater.BEST_SPEED : Deflater.NO_COMPRESSION);
            zip.putNextEntry(new ZipEntry(name));
        }

        synchronized void add(Buffer content) throws IOException {
            zip.write(content.getBytes());
        }

        /** The bytes that were written since the last call; may be none. */
        synchronized Buffer take() {
            Buffer piece = Buffer.buffer(written.toByteArray());
            written.reset();
            return piece;
        }

        /** The last piece. */
        synchronized Buffer end() throws IOException {
            zip.close();
            return take();
        }

        /** Frees memory that is not Java's; may be called again. */
        synchronized void close() throws IOException {
            zip.close();
        }
    }
}
