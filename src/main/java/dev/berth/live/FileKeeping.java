package dev.berth.live;

import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Stores the files that viewers give to pages, since the bus carries no bulk data. For any event loop. */
public interface FileKeeping {
    /** A file with its content. */
    record SentFile(String name, Buffer content) {}

    /** Completes when all are stored; removes all of them where one fails. */
    Future<List<UploadedFile>> store(SessionId session, List<SentFile> files);

    /** Removes files that no page has received. */
    void discard(List<UploadedFile> files);
}
