package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The encoding of a screenshot. */
public enum ImageFormat {
    PNG,
    JPEG,
    WEBP;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String contentType() {
        return "image/" + wireName();
    }

    public String extension() {
        return this == JPEG ? "jpg" : wireName();
    }

    /** The format whose {@link #wireName()} is {@code text}. */
    public static Optional<ImageFormat> parse(String text) {
        return Stream.of(values()).filter(f -> f.wireName().equals(text)).findFirst();
    }
}
