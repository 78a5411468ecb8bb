package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The severity of a console line. */
public enum ConsoleLevel {
    DEBUG,
    LOG,
    INFO,
    WARN,
    ERROR;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
