package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kinds of entries in a session's story. */
public enum StoryKind {
    /** Created, started, ended. */
    STATUS,
    NAVIGATION,
    ACTION,
    CONSOLE,
    NETWORK,
    ARTIFACT;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
