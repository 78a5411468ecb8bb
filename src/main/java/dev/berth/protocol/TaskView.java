package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of an AI task, or its last one.
 *
 * @param instruction what it is to do
 * @param output JSON text; present only where it completed
 * @param question what it asks a person, while it waits
 * @param error why it failed
 * @param steps how many it has done
 * @param cost of its model so far
 * @param startedAt when it was accepted
 */
public record TaskView(
        TaskId taskId,
        SessionId sessionId,
        long userId,
        String instruction,
        TaskStatus status,
        Optional<String> output,
        Optional<String> question,
        Optional<String> error,
        int steps,
        Cost cost,
        Instant startedAt,
        Optional<Instant> completedAt) {
    public static final int MAX_OUTPUT_CHARS = 1 << 18;

    private static final int MAX_TEXT_CHARS = 4_096;

    public TaskView {
        Require.present("taskId", taskId);
        Require.present("sessionId", sessionId);
        Require.text("instruction", instruction, 1, Require.MAX_TEXT_CHARS);
        Require.present("status", status);
        Require.text("output", output, 1, MAX_OUTPUT_CHARS);
        question = Require.present("question", question).map(text -> Truncation.marked(text, MAX_TEXT_CHARS));
        error = Require.present("error", error)
                .map(text -> Truncation.marked(UrlCredentials.redact(text), MAX_TEXT_CHARS));
        Require.within("steps", steps, 0, Integer.MAX_VALUE);
        Require.present("cost", cost);
        Require.present("startedAt", startedAt);
        Require.present("completedAt", completedAt);
        if (completedAt.isPresent() != status.ended()) {
            throw BerthException.invalid("completedAt must be present where the task has ended, and only there");
        }
    }

    /** The status of an AI task. The last four are final. */
    public enum TaskStatus {
        /** Accepted; its session does not run yet. */
        STARTING(false),
        /** The task waits for its turn. */
        PENDING(false),
        /** The model decides or its session acts. */
        RUNNING(false),
        /** The task has asked a person and waits for the answer. */
        WAITING(false),
        /** The task did what the instruction asks. */
        COMPLETED(true),
        /** The task gave up, reached a limit of steps or cost, or its model, session or node failed. */
        FAILED(true),
        /** The task reached its longest time. */
        TIMEOUT(true),
        /** A client cancelled it. */
        CANCELLED(true);

        private final boolean ended;

        TaskStatus(boolean ended) {
            this.ended = ended;
        }

        public boolean ended() {
            return ended;
        }

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The status whose {@link #wireName()} is {@code text}. */
        public static Optional<TaskStatus> parse(String text) {
            return Stream.of(values()).filter(s -> s.wireName().equals(text)).findFirst();
        }
    }

    /**
     * An event of an AI task. Published once the history has it, on {@link Addresses#taskEvents(TaskId)} and on
     * {@link Addresses#taskEvents(SessionId)}.
     */
    public sealed interface TaskEvent {
        TaskId taskId();

        /** The task's status, question or outcome changed. */
        record TaskChanged(TaskView task) implements TaskEvent {
            public TaskChanged {
                Require.present("task", task);
            }

            @Override
            public TaskId taskId() {
                return task.taskId();
            }
        }

        /** The task did a step. */
        record StepDone(TaskId taskId, TaskStep step) implements TaskEvent {
            public StepDone {
                Require.present("taskId", taskId);
                Require.present("step", step);
            }
        }
    }

    /**
     * A step of an AI task: a tool that its model called.
     *
     * @param number from 1 on
     * @param at when it began
     * @param arguments JSON values, without secrets; each text cut at 4,096 characters
     * @param reason why the model did it, in its words
     * @param error why it failed
     * @param actionId of its entry in the session's action log
     * @param duration milliseconds
     * @param cost of deciding on it
     */
    public record TaskStep(
            int number,
            Instant at,
            String tool,
            Map<String, Object> arguments,
            boolean success,
            Optional<String> reason,
            Optional<String> error,
            Optional<String> actionId,
            long duration,
            Cost cost) {
        private static final int MAX_NAME_CHARS = 200;
        private static final int MAX_REASON_CHARS = 500;

        public TaskStep {
            Require.within("number", number, 1, Integer.MAX_VALUE);
            Require.present("at", at);
            tool = Truncation.cut(Require.present("tool", tool), MAX_NAME_CHARS);
            arguments = BoundedDetails.of(Require.present("arguments", arguments));
            reason = Require.present("reason", reason).map(text -> Truncation.marked(text, MAX_REASON_CHARS));
            error = Require.present("error", error)
                    .map(why -> Truncation.marked(UrlCredentials.redact(why), BoundedDetails.MAX_TEXT_CHARS));
            actionId = Require.present("actionId", actionId).map(id -> Truncation.cut(id, MAX_NAME_CHARS));
            Require.within("duration", duration, 0, Long.MAX_VALUE);
            Require.present("cost", cost);
        }
    }
}
