package dev.berth.session.machine;

import java.util.stream.Stream;

/** The steps of a session's end, in order. A step that fails or times out does not stop the next. */
public enum ClosingStep {
    KEEP_DOWNLOADS("keeping its downloads", 5_000),
    /**
     * Ends its Chrome in order. Only in sessions that save a profile, as {@link #KEEP_PROFILE} is. Fits the default of {@code profile.max-mib}
     * on a disk of 4 MiB a second.
     */
    SAVE_PROFILE("saving its profile", 18_000),
    /** After this timeout, a launch still ends the browser that it brings. */
    END_BROWSER("ending its Chrome", 20_000),
    /** Brings the saved profile to the object store; the same at 3.2 MiB a second. */
    KEEP_PROFILE("keeping its profile", 20_000),
    /** Waits until the file of the recording, which was stopped when the end began, is on its way to the store. */
    KEEP_RECORDING("keeping its recording", 5_000),
    LOG_LAST_ACTION("logging its last action", 5_000),
    /** Waits for CDP clients that still have actions to report. */
    HEAR_CLIENTS("hearing its clients out", 500),
    /** Waits for the action log too: the session's last state counts its actions. */
    FLUSH_LOGS("keeping its logs", 8_000),
    /** The session has ended, but is not over until this step succeeds. */
    KEEP_ALL("keeping what it left", 8_000),
    OVER("", 0);

    private final String what;
    private final long maxMillis;

    ClosingStep(String what, long maxMillis) {
        this.what = what;
        this.maxMillis = maxMillis;
    }

    /** For the log, which adds "failed" or "took too long". */
    public String what() {
        return what;
    }

    /** How long the end of a session may take until its profile is kept. */
    public static long savingMillis() {
        return Stream.of(values())
                .filter(step -> step.compareTo(KEEP_PROFILE) <= 0)
                .mapToLong(ClosingStep::maxMillis)
                .sum();
    }

    /** Timeout of the step. All together are shorter than the timeout of the request for the end. */
    public long maxMillis() {
        return maxMillis;
    }

    ClosingStep next() {
        return values()[ordinal() + 1];
    }
}
