package dev.berth.verbs;

import dev.berth.protocol.ArtifactEntry;
import java.time.Instant;
import java.util.Optional;

/** Makes links to the files in a result, for whoever reads it. */
public interface ArtifactLinks {
    /**
     * A URL of a file.
     *
     * @param expiresAt until when it is valid
     */
    record Link(String url, Instant expiresAt) {}

    /** Empty where the file has no link yet. */
    Optional<Link> to(ArtifactEntry artifact);
}
