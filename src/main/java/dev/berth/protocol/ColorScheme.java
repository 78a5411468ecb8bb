package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which colours a page is asked to use: {@code prefers-color-scheme} of CSS. */
public enum ColorScheme {
    LIGHT,
    DARK;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
