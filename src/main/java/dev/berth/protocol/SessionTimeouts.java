package dev.berth.protocol;

/**
 * After how many milliseconds a session ends by itself; at most 30 days.
 *
 * @param idle without a command
 * @param lifetime after its creation, used or not
 * @param reconnect after its last CDP client left
 */
public record SessionTimeouts(long idle, long lifetime, long reconnect) {
    /** A session with less could not be used. */
    public static final long MIN_MILLIS = 1_000;

    /** As the settings have them by default: 10 minutes idle, one hour altogether, 30 seconds without the last CDP client. */
    public static final SessionTimeouts DEFAULT = new SessionTimeouts(600_000, 3_600_000, 30_000);

    private static final long MAX_MILLIS = 30L * 86_400_000;

    public SessionTimeouts {
        Require.within("options.timeouts.idle", idle, 0, MAX_MILLIS);
        Require.within("options.timeouts.lifetime", lifetime, 0, MAX_MILLIS);
        Require.within("options.timeouts.reconnect", reconnect, 0, MAX_MILLIS);
    }

    /** Throws {@code invalid_argument} where a session would end before it could be used. */
    void requireUsable() {
        Require.within("options.timeouts.idle", idle, MIN_MILLIS, MAX_MILLIS);
        Require.within("options.timeouts.lifetime", lifetime, MIN_MILLIS, MAX_MILLIS);
    }
}
