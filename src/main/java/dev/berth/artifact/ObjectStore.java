package dev.berth.artifact;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The store of sessions' files, which wait in this node's spool first, and of parts of their logs, which are never spooled. */
public interface ObjectStore {
    /** The size of a file of a session in bytes. */
    Future<Long> size(Path file);

    /** Completes when the bytes are safe on disk. */
    Future<Void> spool(String key, Buffer bytes);

    /**
     * Completes when a copy of the file is safe on disk.
     *
     * @param file whose name only the server can replace
     * @param bytes that it has: a browser may still have it open, and write to it
     */
    Future<Void> spoolFile(String key, Path file, long bytes);

    /** Completes when the file, which is on the spool's disk, has been moved to the spool. */
    Future<Void> spoolMoved(String key, Path file);

    Future<Boolean> isSpooled(String key);

    /**
     * The first steps by which every object is kept: its bytes are spooled, then it is put into an index; {@link #upload} follows.
     * Removes the object if a step fails.
     *
     * @param spool writes the bytes to the spool
     * @param index puts the object into an index
     */
    default Future<Void> keep(String key, Supplier<Future<Void>> spool, Supplier<? extends Future<?>> index) {
        return Future.succeededFuture()
                .compose(now -> spool.get())
                .<Void>compose(safe -> index.get().mapEmpty())
                .onFailure(e -> remove(key));
    }

    /** Uploads a spooled object to the object store, with retries. */
    Future<Void> upload(String key);

    /**
     * Like {@link #upload(String)}, with a note.
     *
     * @param note runs on the caller's context when the object store has the object, again if it fails
     */
    Future<Void> upload(String key, Supplier<Future<Void>> note);

    /** Whether clients reach the object store themselves, by presigned links: a spooled object has no link before its upload. */
    boolean isPublic();

    /** Uploads bytes, which are not spooled, once. */
    Future<Void> put(String key, Buffer bytes);

    /** Deletes an object, wherever it is; does nothing where there is none. A failure is a line of the server's log, too. */
    Future<Void> remove(String key);

    /** The bytes, from the disk or the object store. */
    Future<Buffer> get(String key);

    /** {@code length} bytes from {@code offset} on, likewise. */
    Future<Buffer> get(String key, long offset, int length);
}
