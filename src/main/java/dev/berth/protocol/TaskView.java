package dev.berth.protocol;

import java.time.Instant;
import java.util.Optional;

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
}
