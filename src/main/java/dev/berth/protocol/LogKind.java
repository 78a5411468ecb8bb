package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/** The logs that a session keeps. */
public enum LogKind {
    CONSOLE,
    NETWORK,
    /** What responses contained, in sessions that keep it. */
    BODIES;

    /** Those that can be followed. */
    public static final Set<LogKind> FOLLOWED = Set.of(CONSOLE, NETWORK);

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
