package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** When a navigation counts as done. */
public enum WaitUntil {
    /** The document and all of its resources are loaded. */
    LOAD,
    /** The document is parsed. */
    DOMCONTENTLOADED,
    /** No request has been in flight for 500 ms. */
    NETWORKIDLE;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value whose {@link #wireName()} is {@code text}. */
    public static Optional<WaitUntil> parse(String text) {
        return Stream.of(values()).filter(w -> w.wireName().equals(text)).findFirst();
    }
}
