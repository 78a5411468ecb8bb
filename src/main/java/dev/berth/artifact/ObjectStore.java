package dev.berth.artifact;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Where sessions bring what they leave: first to this node's disk, then to the object store. */
public interface ObjectStore {
    /** How large a file of a session is. */
    Future<Long> size(Path file);

    /** Completes when the bytes are on disk. */
    Future<Void> spool(String key, Buffer bytes);

    /** Completes when a copy of the file is on disk. */
    Future<Void> spoolFile(String key, Path file);

    /** Brings what was spooled to the object store; it is tried again where that fails. */
    Future<Void> upload(String key);

    /**
     * The same.
     *
     * @param note is done on the caller's context when the object store has it, again where it fails
     */
    Future<Void> upload(String key, Supplier<Future<Void>> note);

    /** What was spooled stays on disk when it was uploaded. */
    void hold(String key);

    Future<Void> release(String key);

    Future<Void> remove(String key);

    /** From the disk, or the object store. */
    Future<Buffer> get(String key);
}
