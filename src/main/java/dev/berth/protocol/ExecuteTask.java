package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.protocol.CreateSession.Idempotency;
import dev.berth.protocol.TaskView.TaskStatus;
import java.util.Map;
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
 * @param keyId of the API key of {@code userId} whose limits hold and whose usage it is; empty where no key asks
 * @param name of a session that is made for it: see {@link SessionLabels}
 * @param metadata labels of such a session, beside {@code taskId}
 */
public record ExecuteTask(
        TaskId taskId,
        long userId,
        TaskSpec spec,
        Optional<SessionId> sessionId,
        SessionOptions options,
        Optional<Idempotency> idempotency,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> keyId,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> name,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> metadata) {
    public ExecuteTask {
        Require.present("taskId", taskId);
        Require.present("spec", spec);
        Require.present("sessionId", sessionId);
        options = Require.present("options", options).usable();
        Require.present("idempotency", idempotency);
        Require.present("keyId", keyId);
        name = SessionLabels.name(name);
        // Absent in requests of earlier versions.
        metadata = metadata == null ? Map.of() : Require.entries("metadata", metadata);
        CreateSession.requireLabels(metadata);
    }

    /** A request that the client does not repeat, and that no key asks for. */
    public ExecuteTask(
            TaskId taskId, long userId, TaskSpec spec, Optional<SessionId> sessionId, SessionOptions options) {
        this(taskId, userId, spec, sessionId, options, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    }

    /** The same, by this API key of its user. */
    public ExecuteTask with(Optional<Long> key) {
        return new ExecuteTask(taskId, userId, spec, sessionId, options, idempotency, key, name, metadata);
    }

    /** Whether the session is there for this task only, so that it ends with it. */
    public boolean ownsSession() {
        return sessionId.map(TaskId::of).map(taskId::equals).orElse(true);
    }

    /**
     * A command to one AI task, on {@link Addresses#task}, while it runs. The task replies with its {@link TaskView}; all fail with {@link ErrorCode#NOT_FOUND} where the sender
     * named an owner and the task is another's.
     */
    public sealed interface TaskCommand {
        /** Asks for the task's current state. */
        record DescribeTask() implements TaskCommand {}

        /** Ends the task as {@link TaskStatus#CANCELLED} before its next action in the browser. May be repeated. */
        record CancelTask() implements TaskCommand {}

        /**
         * Answers the question of a task; fails with {@link ErrorCode#CONFLICT} where it has none.
         *
         * @param text in the words of a person
         */
        record AnswerTask(String text) implements TaskCommand {
            public static final int MAX_CHARS = 10_000;

            public AnswerTask {
                Require.text("text", text, 1, MAX_CHARS);
                Require.noNul("text", text);
            }
        }
    }
}
