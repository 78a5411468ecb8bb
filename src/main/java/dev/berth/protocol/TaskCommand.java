package dev.berth.protocol;

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
