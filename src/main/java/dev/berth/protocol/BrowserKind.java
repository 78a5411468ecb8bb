package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The browser of a session. */
public enum BrowserKind {
    /** The headless shell: the smallest and the quickest. Earlier requests, and earlier rows, call it {@code chromium}. */
    @JsonProperty("shell")
    @JsonAlias("chromium")
    SHELL,
    /** Full Chrome without a screen. */
    @JsonProperty("chrome")
    CHROME,
    /** Full Chrome on a screen of the session's own, which only the session sees. */
    @JsonProperty("headful")
    HEADFUL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
