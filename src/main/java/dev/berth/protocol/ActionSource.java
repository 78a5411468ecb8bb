package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Who performed an action. */
public enum ActionSource {
    /** A client of the REST API. */
    REST,
    /** A CDP client over the relay. */
    CDP,
    /** An AI task. */
    AI,
    /** A person in the live view. */
    LIVE,
    /** An external model, over MCP. */
    MCP,
    /** A verticle that sends commands over the bus without naming a source. */
    BUS,
    /** One that only a newer version knows. */
    @JsonEnumDefaultValue
    UNKNOWN;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
