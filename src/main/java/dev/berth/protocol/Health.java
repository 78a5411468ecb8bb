package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The health of a session's browser. */
public enum Health {
    /** The page responds. */
    HEALTHY,
    /** Chrome responds but its page does not, or Chrome is not up yet. */
    DEGRADED,
    /** Chrome does not respond, or is gone. */
    UNHEALTHY;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
