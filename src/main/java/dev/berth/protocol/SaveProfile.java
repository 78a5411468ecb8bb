package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When the end of a session writes a new version of its profile. */
public enum SaveProfile {
    /** Whenever its Chrome still runs then. */
    @JsonProperty("always")
    ALWAYS,
    /** Where it ends as {@link SessionStatus#COMPLETED}. */
    @JsonProperty("onSuccess")
    ON_SUCCESS,
    /** Never: the session works on a copy. */
    @JsonProperty("never")
    NEVER
}
