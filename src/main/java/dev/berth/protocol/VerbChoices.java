package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The choices that arguments of verbs have. */
public interface VerbChoices {

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

    /** The states of an element that can be waited for. */
    public enum ElementState {
        /** In the document. */
        ATTACHED,
        /** Not in the document. */
        DETACHED,
        /** With a box that is not hidden. */
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
    }

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
    }
}
