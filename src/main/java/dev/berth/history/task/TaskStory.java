package dev.berth.history.task;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.history.Outbox;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskSpec.TaskLimits;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The events of AI tasks, to be read from any number on: steps and changes of status. Thread-safe. */
public final class TaskStory {
    private final Database database;
    private final Outbox outbox;

    public TaskStory(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * An event of a task.
     *
     * @param number greater than that of what was told before
     * @param isStep else a change of status
     * @param told its JSON
     */
    public record Entry(long number, boolean isStep, JsonObject told) {
        /** Whether nothing follows. */
        public boolean isLast() {
            return !isStep
                    && TaskStatus.parse(told.getString("status"))
                            .map(TaskStatus::ended)
                            .orElse(false);
        }
    }

    /** The first that a task tells has its limits. */
    static JsonObject begun(TaskView task, TaskLimits limits) {
        return told(task, task.startedAt())
                .put(
                        "limits",
                        new JsonObject()
                                .put("maxSteps", limits.maxSteps())
                                .put("maxCostUsd", limits.maxCostUsd())
                                .put("timeoutMs", limits.timeoutMillis()));
    }

    static JsonObject told(TaskView task, Instant at) {
        return told(task.status(), task.question(), task.error(), at);
    }

    static JsonObject lost(String error, Instant at) {
        return told(TaskStatus.FAILED, Optional.empty(), Optional.of(error), at);
    }

    private record Told(TaskStatus status, Optional<String> question, Optional<String> error, Instant timestamp) {}

    private static JsonObject told(
            TaskStatus status, Optional<String> question, Optional<String> error, Instant timestamp) {
        return Sql.json(new Told(status, question, error, timestamp));
    }

    private static final String READ =
            "select event, step, told from task_steps where task_id = $1 and event > $2 order by event limit $3";

    /** The events of a task after a number, at most {@code limit}. */
    public Future<List<Entry>> read(TaskId id, long after, int limit) {
        return outbox.caughtUp().compose(told -> database.list(READ, TaskStory::entry, id, after, limit));
    }

    private static Entry entry(Row row) {
        return new Entry(row.getLong("event"), row.getInteger("step") != null, (JsonObject) row.getJson("told"));
    }

    private static final String LATEST_STEPS = """
            select told from (
                select event, told from task_steps where task_id = $1 and step is not null order by event desc limit $2) latest
            order by event
            """;

    /** The latest steps of a task, oldest first. */
    public Future<List<TaskStep>> latestSteps(TaskId id, int limit) {
        return outbox.caughtUp().compose(told -> database.list(LATEST_STEPS, TaskStory::step, id, limit));
    }

    private static TaskStep step(Row row) {
        return Sql.parse(row.getJsonObject("told"), new TypeReference<>() {});
    }

    private static final String LAST = "select last_event from tasks where task_id = $1 and completed_at is not null";

    /** The number of the last that it told, if it has ended. */
    public Future<Optional<Long>> last(TaskId id) {
        return outbox.caughtUp().compose(told -> database.first(LAST, row -> row.getLong(0), id));
    }
}
