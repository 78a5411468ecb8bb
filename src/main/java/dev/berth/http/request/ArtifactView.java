package dev.berth.http.request;

import dev.berth.artifact.ArtifactStore.PresignedUrl;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import java.time.Instant;
import java.util.Optional;

/** An artifact as clients see it. */
public record ArtifactView(
        String objectId,
        ArtifactType type,
        Optional<String> fileName,
        Optional<String> publicUrl,
        Instant timestamp,
        String contentType,
        long size,
        Optional<Instant> expiresAt,
        ArtifactState state) {

    static ArtifactView of(ArtifactEntry artifact, Optional<PresignedUrl> link) {
        return new ArtifactView(
                artifact.objectId(),
                artifact.type(),
                artifact.fileName(),
                link.map(PresignedUrl::url),
                artifact.timestamp(),
                artifact.contentType(),
                artifact.size(),
                link.map(PresignedUrl::expiresAt),
                artifact.state());
    }
}
