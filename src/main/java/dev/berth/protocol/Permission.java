package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a page may do without asking; the names are Playwright's. */
public enum Permission {
    GEOLOCATION,
    NOTIFICATIONS,
    CAMERA,
    MICROPHONE,
    CLIPBOARD_READ,
    CLIPBOARD_WRITE,
    STORAGE_ACCESS,
    LOCAL_FONTS,
    MIDI,
    BACKGROUND_SYNC,
    PAYMENT_HANDLER;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
