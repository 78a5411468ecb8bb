package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Who acted. */
public enum ActionSource {
    /** A REST verb, or a command on the bus. */
    REST,
    /** A CDP client over the relay. */
    CDP,
    /** An AI task. */
    AI,
    /** A person in the live view. */
    LIVE;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The source whose {@link #wireName()} is {@code text}. */
    public static Optional<ActionSource> parse(String text) {
        return Stream.of(values()).filter(s -> s.wireName().equals(text)).findFirst();
    }
}
