package dev.berth.verbs;

import dev.berth.protocol.ArtifactEntry;
import java.time.Instant;
import java.util.Optional;

/** How who reads a result reaches the files that it tells of. */
public interface ArtifactLinks {
    /**
     * An address of a file.
     *
     * @param expiresAt until when it works
     */
    record Link(String url, Instant expiresAt) {}

    /** Empty where there is none yet. */
    Optional<Link> to(ArtifactEntry artifact);
}
