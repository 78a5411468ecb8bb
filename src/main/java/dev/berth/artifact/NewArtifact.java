package dev.berth.artifact;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.SessionId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Names the files of sessions, and their places in the object store. */
public final class NewArtifact {
    private NewArtifact() {}

    /** A file that is not in the object store yet. */
    public static ArtifactEntry pending(
            SessionId id, ArtifactType type, String extension, Optional<String> fileName, Instant at, long size) {
        String objectId = type.wireName() + "-" + UUID.randomUUID();
        return new ArtifactEntry(
                objectId,
                type,
                "sessions/%s/%s/%s.%s".formatted(id, type.wireName(), objectId, extension),
                fileName,
                at,
                ContentTypes.of(extension),
                size,
                ArtifactState.PENDING);
    }
}
