package dev.berth.http.export;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A ZIP, written as pieces. Holds no more than a piece and the list of its files. For workers; used by one at a time, and closed by any. */
final class ZipArchive {
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

    /** What was written since the last call; may be nothing. */
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
