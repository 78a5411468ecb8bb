package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/** When the end of a session writes a new version of its profile. */
public enum SaveProfile {
    /** Whenever its Chrome still runs then. */
    ALWAYS("always"),
    /** Where it ends as {@link SessionStatus#COMPLETED}. */
    ON_SUCCESS("onSuccess"),
    /** Never: the session works on a copy. */
    NEVER("never");

    private final String wireName;

    SaveProfile(String wireName) {
        this.wireName = wireName;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }
}
