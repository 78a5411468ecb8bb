package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kinds of artifacts. */
public enum ArtifactType {
    SCREENSHOT,
    PDF,
    /** A file that a page downloaded. */
    DOWNLOAD,
    /** A file that a client gave to a page. */
    UPLOAD,
    /** A video of the session. Its size is 0 until it is complete. */
    RECORDING,
    /** One that only a newer version knows. */
    @JsonEnumDefaultValue
    UNKNOWN;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
