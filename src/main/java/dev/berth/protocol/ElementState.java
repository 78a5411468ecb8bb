package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an element can be waited for to be. */
public enum ElementState {
    /** It is in the document. */
    ATTACHED,
    /** It is not, or no longer. */
    DETACHED,
    /** It has a box that is not hidden. */
    VISIBLE,
    /** It has none, or is not in the document. */
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
