package dev.berth.websocket;

/** Decides when a silent client counts as gone. Pure: the caller has the clock. */
public final class Heartbeat {
    private static final int MAX_SILENT_BEATS = 2;

    private int silentBeats;

    /** The client has sent something. */
    public void heard() {
        silentBeats = 0;
    }

    /** To be called once per interval. False when the client counts as gone. */
    public boolean beat() {
        return silentBeats++ < MAX_SILENT_BEATS;
    }
}
