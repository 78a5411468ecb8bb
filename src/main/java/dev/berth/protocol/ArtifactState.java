package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether an artifact's bytes have reached the object store. */
public enum ArtifactState {
    /** In the server's spool, waiting for upload. */
    PENDING,
    /** In the object store. */
    STORED;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
