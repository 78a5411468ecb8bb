package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The form in which the content of a page is read. */
public enum ContentFormat {
    /** The current document, serialised. */
    HTML,
    /** The visible text. */
    TEXT,
    /** The visible text with headings, links, lists and tables. */
    MARKDOWN;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value whose {@link #wireName()} is {@code text}. */
    public static Optional<ContentFormat> parse(String text) {
        return Stream.of(values()).filter(v -> v.wireName().equals(text)).findFirst();
    }
}
