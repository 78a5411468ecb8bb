package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where an artifact's bytes are. */
public enum ArtifactState {
    /** Being recorded, or in the server's spool, waiting for upload. */
    PENDING,
    /** In the object store. */
    STORED,
    /** A recording of which nothing could be saved. */
    LOST;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
