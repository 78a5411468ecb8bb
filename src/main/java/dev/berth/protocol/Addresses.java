package dev.berth.protocol;

/** The event bus addresses of Berth. */
public final class Addresses {
    /** Request {@link CreateSession}: any supervisor of the cluster takes it and replies {@link SessionAccepted}. */
    public static final String CREATE = "berth.create";

    /** Published: {@link SessionEvent.Lifecycle} of all sessions, and nothing else. */
    public static final String SESSIONS = "berth.sessions";

    private Addresses() {}

    /** Request {@link SessionCommand}s: exactly one verticle in the cluster listens. */
    public static String session(SessionId id) {
        return "berth.session." + id.value();
    }

    /**
     * Published: each {@link SessionEvent} of this session but the entries of its logs, once what it tells of is kept. Those of a kind
     * in the order of their offsets.
     */
    public static String events(SessionId id) {
        return session(id) + ".events";
    }

    /** Where who sent {@link LogCommand.FollowLogs} answers {@link SessionEvent.LogAppended}. */
    public static String follower(SessionId id, String followerId) {
        return session(id) + ".logs." + followerId;
    }

    /** Request {@link DescribeNode}: the supervisor of the node. */
    public static String node(String machineId) {
        return "berth.node." + machineId;
    }
}
