package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The severity of a console line. One that only a newer version knows is read as {@link #LOG}. */
public enum ConsoleLevel {
    DEBUG,
    @JsonEnumDefaultValue
    LOG,
    INFO,
    WARN,
    ERROR;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
