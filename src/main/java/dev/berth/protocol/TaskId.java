package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Identifies one AI task in the whole deployment, for ever: {@code task_} and a UUID.
 *
 * @param value the text form in URLs and on the bus
 */
public record TaskId(@JsonValue String value) {
    private static final String PREFIX = "task_";
    private static final Pattern SHAPE =
            Pattern.compile("task_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TaskId {
        if (!SHAPE.matcher(Require.present("taskId", value)).matches()) {
            throw BerthException.invalid("taskId must be 'task_' and a UUID in lower case");
        }
    }

    /** A new random id. */
    public static TaskId random() {
        return new TaskId(PREFIX + UUID.randomUUID());
    }

    /** The id of the task that is the {@code initialPrompt} of a session. */
    public static TaskId of(SessionId session) {
        return new TaskId(PREFIX + session.value().substring("session-".length()));
    }

    /** The id of the session that is made for the task, and ends with it. */
    public SessionId session() {
        return new SessionId("session-" + value.substring(PREFIX.length()));
    }

    /** The id that {@code text} spells; empty where it is none. */
    public static Optional<TaskId> parse(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(new TaskId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
