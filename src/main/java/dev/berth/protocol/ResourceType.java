package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a request is for, as {@link NetworkEntry#resourceType} says it. Chrome calls the script of a worker {@link #OTHER}. */
public enum ResourceType {
    DOCUMENT("Document"),
    STYLESHEET("Stylesheet"),
    IMAGE("Image"),
    MEDIA("Media"),
    FONT("Font"),
    SCRIPT("Script"),
    TEXTTRACK("TextTrack"),
    XHR("XHR"),
    FETCH("Fetch"),
    EVENTSOURCE("EventSource"),
    MANIFEST("Manifest"),
    PING("Ping"),
    OTHER("Other");

    private final String cdpName;

    ResourceType(String cdpName) {
        this.cdpName = cdpName;
    }

    /** CDP's {@code Network.ResourceType}. */
    public String cdpName() {
        return cdpName;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
