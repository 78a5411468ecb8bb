package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** In which form a page's content is read. */
public enum ContentFormat {
    /** The document as it stands, serialised. */
    HTML,
    /** What a reader sees. */
    TEXT,
    /** What a reader sees, with headings, links, lists and tables. */
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
