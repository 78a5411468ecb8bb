package dev.berth.history.task;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.history.Outbox;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskEvent;
import dev.berth.protocol.TaskView.TaskEvent.StepDone;
import dev.berth.protocol.TaskView.TaskEvent.TaskChanged;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists AI tasks, newest first. */
public final class TaskListing {
    /** How many are counted: a total of them all would read each one. */
    public static final int MAX_COUNTED = 10_000;

    private final Database database;
    private final Outbox outbox;

    public TaskListing(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /** The filter of a list. */
    public record Query(long userId, Optional<TaskStatus> status, int limit, long offset) {
        private String where() {
            return "from tasks where user_id = $1"
                    + status.map(only -> " and status = '" + only.wireName() + "'")
                            .orElse("");
        }
    }

    /**
     * A part of a list.
     *
     * @param total the number of all matches, up to {@value #MAX_COUNTED}
     */
    public record Page(List<TaskView> tasks, long total, boolean hasMore) {}

    /** The columns of a task in a list: without outputs, which may be large. */
    private static final String COLUMNS = """
            task_id, user_id, session_id, left(instruction, 1000) as instruction, status, null::text as output, question,
            error, steps, cost_usd, input_tokens, output_tokens, started_at, completed_at
            """;

    /** Tasks of one user. */
    public Future<Page> list(Query query) {
        // One row more than asked for tells whether there are more. An index alone gives the ids: skipped rows are not
        // read.
        String page = "select " + COLUMNS + "from tasks where task_id in (select task_id " + query.where()
                + " order by started_at desc, task_id limit " + (query.limit() + 1) + " offset " + query.offset()
                + ") order by started_at desc, task_id";
        return outbox.caughtUp()
                .compose(told -> Future.all(database.list(page, TaskRepository::view, query.userId()), count(query)))
                .map(both -> page(query, both.resultAt(0), both.resultAt(1)));
    }

    private static Page page(Query query, List<TaskView> found, long total) {
        boolean more = found.size() > query.limit();
        return new Page(more ? found.subList(0, query.limit()) : found, total, more);
    }

    private Future<Long> count(Query query) {
        return database.number(
                "select count(*) from (select " + query.where() + " limit " + MAX_COUNTED + ") counted",
                query.userId());
    }

    private static final String IN_SESSION = """
            select task_id, user_id, session_id, left(instruction, 1000) as instruction, status, left(output, 4000) as output,
                question, error, steps, cost_usd, input_tokens, output_tokens, started_at, completed_at,
                count(*) over () as total
            from tasks where session_id = $1 and user_id = $2 order by started_at desc, task_id limit $3
            """;

    /** The latest tasks of a user in a session, with the beginnings of their outputs. */
    public Future<Page> in(SessionId session, long userId, int limit) {
        return outbox.caughtUp()
                .compose(told -> database.rows(IN_SESSION, session, userId, limit))
                .map(rows -> {
                    List<TaskView> found = new ArrayList<>();
                    long total = 0;
                    for (Row row : rows) {
                        found.add(TaskRepository.view(row));
                        total = row.getLong("total");
                    }
                    return new Page(found, total, found.size() < total);
                });
    }

    private static final String OPEN = """
            select tasks.*, last.told as last_step from tasks left join lateral (
                select told from task_steps where task_id = tasks.task_id and step is not null
                order by event desc limit 1) last on true
            where session_id = $1 and completed_at is null order by started_at desc limit $2
            """;

    /** The last events of a session's tasks that have not ended: of each its state, and its last step. At most {@code limit} tasks. */
    public Future<List<TaskEvent>> openIn(SessionId id, int limit) {
        return outbox.caughtUp()
                .compose(told -> database.rows(OPEN, id, limit))
                .map(rows -> rows.stream().flatMap(TaskListing::toldLast).toList());
    }

    private static Stream<TaskEvent> toldLast(Row row) {
        TaskView task = TaskRepository.view(row);
        return Stream.concat(
                Stream.of(new TaskChanged(task)),
                Stream.ofNullable(row.getJsonObject("last_step"))
                        .map(told -> new StepDone(task.taskId(), Sql.parse(told, new TypeReference<>() {}))));
    }
}
