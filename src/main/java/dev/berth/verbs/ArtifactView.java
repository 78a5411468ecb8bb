package dev.berth.verbs;

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
        ArtifactState state,
        Optional<String> pageId,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {

    public static ArtifactView of(ArtifactEntry artifact, ArtifactLinks links) {
        Optional<ArtifactLinks.Link> link = links.to(artifact);
        return new ArtifactView(
                artifact.objectId(),
                artifact.type(),
                artifact.fileName(),
                link.map(ArtifactLinks.Link::url),
                artifact.timestamp(),
                artifact.contentType(),
                artifact.size(),
                link.map(ArtifactLinks.Link::expiresAt),
                artifact.state(),
                artifact.pageId(),
                artifact.startedAt(),
                artifact.endedAt());
    }
}
