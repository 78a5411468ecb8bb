package dev.berth.protocol;

import dev.berth.protocol.CreateSession.Idempotency;
import java.util.Optional;

/**
 * Asks any node that has a model, on {@link Addresses#EXECUTE}, to run an AI task. Replied to by its {@link TaskView} once it is recorded, before it
 * begins.
 *
 * @param taskId chosen by the caller
 * @param userId the owner
 * @param sessionId a session of this user, running, or one whose {@code initialPrompt} this task is; empty where one is to be made
 * @param options of a session that is made for it
 * @param idempotency present where a repeated request must give the task of the first one
 */
public record ExecuteTask(
        TaskId taskId,
        long userId,
        TaskSpec spec,
        Optional<SessionId> sessionId,
        SessionOptions options,
        Optional<Idempotency> idempotency) {
    public ExecuteTask {
        Require.present("taskId", taskId);
        Require.present("spec", spec);
        Require.present("sessionId", sessionId);
        options = Require.present("options", options).usable();
        Require.present("idempotency", idempotency);
    }

    /** A request that the client does not repeat. */
    public ExecuteTask(
            TaskId taskId, long userId, TaskSpec spec, Optional<SessionId> sessionId, SessionOptions options) {
        this(taskId, userId, spec, sessionId, options, Optional.empty());
    }

    /** Whether the session is there for this task only, so that it ends with it. */
    public boolean ownsSession() {
        return sessionId.map(TaskId::of).map(taskId::equals).orElse(true);
    }
}
