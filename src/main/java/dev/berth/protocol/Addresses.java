package dev.berth.protocol;

/** The event bus addresses of Berth. */
public final class Addresses {
    /** Request {@link CreateSession}: any supervisor of the cluster takes it and replies {@link SessionAccepted}. */
    public static final String CREATE = "berth.create";

    /** Published: {@link SessionEvent}s of the lifecycle ({@link SessionEvent.SessionStarted}, {@link SessionEvent.SessionEnded}) of all sessions. */
    public static final String SESSIONS = "berth.sessions";

    private Addresses() {}

    /** Request {@link SessionCommand}s: exactly one verticle in the cluster listens. */
    public static String session(SessionId id) {
        return "berth.session." + id.value();
    }

    /** Published: every {@link SessionEvent} of this session, in the order in which they happened. */
    public static String events(SessionId id) {
        return session(id) + ".events";
    }

    /** Request {@link DescribeNode}: the supervisor of the node. */
    public static String node(String machineId) {
        return "berth.node." + machineId;
    }
}
