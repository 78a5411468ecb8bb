package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What an artifact is. */
public enum ArtifactType {
    SCREENSHOT,
    PDF,
    /** A file that a page gave. */
    DOWNLOAD,
    /** A file that a client gave to a page. */
    UPLOAD;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
