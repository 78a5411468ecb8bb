package dev.berth.history;

import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import java.util.Optional;

/** Which node ({@code machineId}) holds something, or held it until its end. */
public interface Owners {
    /** Empty where there is no such session. Of one that waits for a place, it may be another node a moment later. */
    Future<Optional<String>> ofSession(SessionId id);

    /** Empty where there is no such task. */
    Future<Optional<String>> ofTask(TaskId id);

    /** Whether it has ended, also because its node was lost. */
    Future<Boolean> isOver(SessionId id);

    Future<Boolean> isOver(TaskId id);

    /** The node on whose disk an artifact waits for the object store; empty where it does not wait. */
    Future<Optional<String>> ofPending(String objectId);
}
