package dev.berth.agent;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Where the files of sessions are read. */
public interface TaskFiles {
    /** The bytes of an artifact, by its key in the object store. */
    Future<Buffer> read(String objectKey);
}
