package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where an artifact's bytes are. */
public enum ArtifactState {
    /** Being recorded, or in the server's spool, waiting for upload. */
    PENDING,
    /** In the object store. */
    STORED,
    /** A recording of which nothing could be saved. */
    LOST,
    /** One that only a newer version knows. */
    @JsonEnumDefaultValue
    UNKNOWN;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
