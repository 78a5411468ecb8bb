package dev.berth.protocol;

import dev.berth.protocol.ExecuteTask.TaskCommand;
import dev.berth.protocol.NodeCommand.NodeDrains;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.TaskView.TaskEvent;
import java.util.Optional;

/** The event bus addresses of Berth. */
public final class Addresses {
    /** Takes {@link CreateSession} requests: any supervisor of the cluster replies {@link SessionAccepted}. */
    public static final String CREATE = "berth.create";

    /**
     * Published: {@link SessionEvent.Lifecycle} of all sessions, and nothing else. The {@link Envelope} names the session's
     * owner.
     */
    public static final String SESSIONS = "berth.sessions";

    /** Published: {@link NodeDrains}, by a node of a cluster that takes no new sessions from then on. */
    public static final String DRAINING = "berth.draining";

    /** Takes {@link ExecuteTask} requests: any node that has a model replies {@link TaskView}. */
    public static final String EXECUTE = "berth.execute";

    /** Takes {@link HistoryCommand} requests: any node replies. */
    public static final String HISTORY = "berth.history";

    /**
     * Takes requests for sessions and tasks that nobody hears in the sender's JVM: any node hands them on to the {@link #node} that
     * holds what is asked for. The header {@link #TO} names the address there.
     */
    public static final String RELAY = "berth.relay";

    public static final String TO = "to";

    private static final String SESSION = "berth.session.";
    private static final String TASK = "berth.task.";

    private Addresses() {}

    /** Like {@link #RELAY}; this node hands them on. Berths of one JVM may have a Postgres each. */
    public static String relay(String machineId) {
        return RELAY + "." + machineId;
    }

    /**
     * Takes {@link SessionCommand} requests for sessions that wait for a place, in the node's own JVM: the header {@link #TO} names the
     * session's address. Replies as the session would, from its row; fails with {@link ErrorCode#SESSION_NOT_FOUND} where it does not
     * wait any more.
     */
    public static String waiting(String machineId) {
        return "berth.waiting." + machineId;
    }

    /**
     * Takes {@link SessionCommand} requests: exactly one verticle in the cluster listens, and hears its own JVM alone. Others
     * reach it through {@link #RELAY}, as {@link SessionClient} does.
     */
    public static String session(SessionId id) {
        return SESSION + id.value();
    }

    /** The session whose {@link #session} address this is. */
    public static Optional<SessionId> sessionOf(String address) {
        return address.startsWith(SESSION) ? SessionId.parse(address.substring(SESSION.length())) : Optional.empty();
    }

    /**
     * Published: the {@link SessionEvent}s of this session except log entries, each once its entry is stored. Events of one
     * kind come in the order of their offsets.
     */
    public static String events(SessionId id) {
        return session(id) + ".events";
    }

    /** The address at which the sender of {@link LogCommand.FollowLogs} receives {@link SessionEvent.LogAppended} requests. */
    public static String follower(SessionId id, String followerId) {
        return session(id) + ".logs." + followerId;
    }

    /**
     * Takes {@link NodeCommand} requests, also for new sessions: the supervisor of the node replies. A message with a header {@link #TO}
     * goes to that address in the node's JVM.
     */
    public static String node(String machineId) {
        return "berth.node." + machineId;
    }

    /** Published by the node that declared this one lost: the epoch that it took from it. The process of that epoch ends. */
    public static String lost(String machineId) {
        return node(machineId) + ".lost";
    }

    /**
     * Takes {@link CreateSession} requests of the node's own JVM: the session is made there, or on another node where this one
     * refuses.
     */
    public static String nearest(String machineId) {
        return node(machineId) + ".nearest";
    }

    /** Takes {@link HistoryCommand} requests: this node replies. */
    public static String history(String machineId) {
        return HISTORY + "." + machineId;
    }

    /** Takes {@link TaskCommand} requests while the task runs; as {@link #session}. */
    public static String task(TaskId id) {
        return TASK + id.value();
    }

    /** The task whose {@link #task} address this is. */
    public static Optional<TaskId> taskOf(String address) {
        return address.startsWith(TASK) ? TaskId.parse(address.substring(TASK.length())) : Optional.empty();
    }

    /** Published: the {@link TaskEvent}s of this task, each once the history has it. */
    public static String taskEvents(TaskId id) {
        return task(id) + ".events";
    }

    /** Published: the same {@link TaskEvent}s, of all tasks whose session this is. */
    public static String taskEvents(SessionId id) {
        return session(id) + ".tasks";
    }
}
