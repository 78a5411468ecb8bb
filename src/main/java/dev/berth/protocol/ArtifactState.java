package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether an artifact's bytes have reached the object store. */
public enum ArtifactState {
    /** They are safe in the server's spool and on their way. */
    PENDING,
    /** They are there. */
    STORED;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
