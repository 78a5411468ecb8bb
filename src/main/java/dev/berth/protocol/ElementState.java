package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The states of an element that can be waited for. */
public enum ElementState {
    /** In the document. */
    ATTACHED,
    /** Not in the document. */
    DETACHED,
    /** It has a box that is not hidden. */
    VISIBLE,
    /** Without a visible box, or not in the document. */
    HIDDEN;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value whose {@link #wireName()} is {@code text}. */
    public static Optional<ElementState> parse(String text) {
        return Stream.of(values()).filter(v -> v.wireName().equals(text)).findFirst();
    }
}
