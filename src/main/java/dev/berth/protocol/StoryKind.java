package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kinds of entries of which a session's story is made. */
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
