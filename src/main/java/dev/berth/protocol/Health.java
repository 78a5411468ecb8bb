package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a session's browser is. */
public enum Health {
    /** The page answered. */
    HEALTHY,
    /** Chrome answered, its page did not, or Chrome is not up yet. */
    DEGRADED,
    /** Chrome did not answer, or is gone. */
    UNHEALTHY;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
