package dev.berth.websocket;

/** Decides when a silent client is taken for gone. Pure: somebody else has the clock. */
public final class Heartbeat {
    private static final int MAX_SILENT_BEATS = 2;

    private int silentBeats;

    /** The client has shown that it is there. */
    public void heard() {
        silentBeats = 0;
    }

    /** Once in an interval: whether the client counts as there; else it is to be dropped. */
    public boolean beat() {
        return silentBeats++ < MAX_SILENT_BEATS;
    }
}
