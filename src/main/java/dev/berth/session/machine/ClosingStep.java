package dev.berth.session.machine;

/** The steps of a session's end, in their order. A step that fails or takes too long does not keep the next from being taken. */
public enum ClosingStep {
    KEEP_DOWNLOADS("keeping its downloads", 5_000),
    /** A launch that is waited for no longer still ends the browser that it brings. */
    END_BROWSER("ending its Chrome", 20_000),
    LOG_LAST_ACTION("logging its last action", 5_000),
    /** CDP clients may have something left to tell of what they did. */
    HEAR_CLIENTS("hearing its clients out", 500),
    FLUSH_LOGS("keeping its logs", 8_000),
    /** The session has ended, but is not over before this has succeeded. */
    KEEP_ALL("keeping what it left", 8_000),
    OVER("", 0);

    private final String what;
    private final long maxMillis;

    ClosingStep(String what, long maxMillis) {
        this.what = what;
        this.maxMillis = maxMillis;
    }

    /** For the log: it stands before "failed". */
    public String what() {
        return what;
    }

    /** How long it is waited for. All together take less than who asked for the end waits. */
    public long maxMillis() {
        return maxMillis;
    }

    ClosingStep next() {
        return values()[ordinal() + 1];
    }
}
