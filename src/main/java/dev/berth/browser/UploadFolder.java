package dev.berth.browser;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;

/** The folder of the files that a browser's pages may be given. It is deleted with the browser. Any thread may call. */
public interface UploadFolder {
    /** Makes an empty file for the server to write, in a folder of its own, so that names may repeat. */
    Future<Path> create(String name);

    /** Appends to a file that is not sealed. */
    Future<Void> append(Path file, Buffer bytes);

    /** The size of a file in bytes. */
    Future<Long> size(Path file);

    /** The file is complete: from now on the browser may read it, and nobody writes it. */
    Future<Void> seal(Path file);

    /** Removes a file that {@link #create} has made, with its folder. Does nothing where it is gone. */
    Future<Void> remove(Path file);

    /** How many bytes may be added so that the browser's own files still fit in the session's disk limit; at least 0. */
    Future<Long> left();
}
