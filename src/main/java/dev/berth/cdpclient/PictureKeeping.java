package dev.berth.cdpclient;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Brings what CDP clients picture to the object store, since the bus carries no bulk data. For any event loop. */
public interface PictureKeeping {
    /** Completes when the bytes are safe on this node's disk. */
    Future<ArtifactEntry> spool(SessionId session, ArtifactType type, String extension, Buffer bytes);

    /** Removes what no session has listed. */
    void discard(ArtifactEntry artifact);
}
