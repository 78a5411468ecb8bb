package dev.berth.history;

import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import java.util.Optional;

/** Which node holds something, or held it until its end. */
public interface Owners {
    /**
     * What the row of a session or a task tells. Where it does not wait, its node stays the same.
     *
     * @param waits whether it is a session that waits for a place, for which any node answers
     * @param over whether it has ended, also because its node was lost
     */
    record Owner(String machineId, boolean waits, boolean over) {}

    /** Empty where there is no such session. The end of a session may be told late, unless {@link #forget} was called. */
    Future<Optional<Owner>> ofSession(SessionId id);

    /** As {@link #ofSession}. */
    Future<Optional<Owner>> ofTask(TaskId id);

    /** The next look-up of this session or task reads its row. */
    void forget(String id);

    /** The node ({@code machineId}) on whose disk an artifact waits for the object store; empty where it does not wait. */
    Future<Optional<String>> ofPending(String objectId);
}
