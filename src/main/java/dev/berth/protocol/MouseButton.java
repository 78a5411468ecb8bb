package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The buttons of a mouse. */
public enum MouseButton {
    LEFT,
    MIDDLE,
    RIGHT;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value whose {@link #wireName()} is {@code text}. */
    public static Optional<MouseButton> parse(String text) {
        return Stream.of(values()).filter(v -> v.wireName().equals(text)).findFirst();
    }
}
