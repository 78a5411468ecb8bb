package dev.berth.cdpclient;

import dev.berth.artifact.NewArtifact;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps pictures in memory. */
final class FakePictures implements PictureKeeping {
    /** By the keys that they would have in the object store. */
    final Map<String, Buffer> kept = new ConcurrentHashMap<>();

    @Override
    public Future<ArtifactEntry> spool(SessionId session, ArtifactType type, String extension, Buffer bytes) {
        ArtifactEntry picture =
                NewArtifact.pending(session, type, extension, Optional.empty(), Instant.EPOCH, bytes.length());
        kept.put(picture.objectKey(), bytes);
        return Future.succeededFuture(picture);
    }

    @Override
    public void discard(ArtifactEntry artifact) {
        kept.remove(artifact.objectKey());
    }
}
