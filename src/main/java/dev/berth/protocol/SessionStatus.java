package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The status of a session. Terminal states are final. */
public enum SessionStatus {
    /** Accepted; its Chrome is not up yet. */
    CREATING(false),
    /** Its Chrome is up and takes commands. */
    RUNNING(false),
    /** It ended as intended. */
    COMPLETED(true),
    /** It ended by a fault: see {@link EndReason}. */
    FAILED(true),
    /** It was ended before its work was done. */
    CANCELLED(true);

    private final boolean terminal;

    SessionStatus(boolean terminal) {
        this.terminal = terminal;
    }

    public boolean terminal() {
        return terminal;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status whose {@link #wireName()} is {@code text}. */
    public static Optional<SessionStatus> parse(String text) {
        return Stream.of(values()).filter(s -> s.wireName().equals(text)).findFirst();
    }
}
