package dev.berth.history;

import static dev.berth.history.SessionRepository.utc;

import dev.berth.history.Fact.TaskMoved;
import dev.berth.history.Fact.TaskStepped;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession.Idempotency;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskStep;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Running and ended AI tasks. An ended one does not change any more. Thread-safe. */
public final class TaskRepository {
    private final Pool pool;
    private final Outbox outbox;
    private final NodeEpoch epoch;

    /** @param epoch without which this process claims no task for its node, and ends none of it */
    public TaskRepository(Database database, Outbox outbox, NodeEpoch epoch) {
        this.pool = database.pool();
        this.outbox = outbox;
        this.epoch = epoch;
    }

    private static final String CLAIM = """
            with task as (
                insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, started_at, last_event,
                                   idempotency_key, request_hash)
                select $1, $2, $3, $4, $5, $6, $7, 1, $8, $9
                where %s
                on conflict do nothing returning task_id)
            insert into task_steps (task_id, event, told) select task_id, 1, $10::json from task
            """.formatted(NodeEpoch.isMine("$4", "$11"));

    /**
     * Claims a task for a node, before it begins and before its session is made. Gives {@code first} back, or the task that an earlier
     * request with the same {@code Idempotency-Key} started; fails with {@link ErrorCode#CONFLICT} if that was another request.
     */
    public Future<TaskView> started(ExecuteTask request, TaskView first, String machineId) {
        Tuple row = Tuple.of(
                        first.taskId().value(),
                        first.userId(),
                        first.sessionId().value(),
                        machineId)
                .addString(first.instruction())
                .addString(first.status().wireName())
                .addOffsetDateTime(utc(first.startedAt()))
                .addString(request.idempotency().map(Idempotency::key).orElse(null))
                .addString(request.idempotency().map(Idempotency::requestHash).orElse(null))
                .addJsonObject(TaskStory.begun(first, request.spec().limits()))
                .addLong(epoch.orNull());
        return pool.preparedQuery(CLAIM)
                .execute(row)
                .compose(claimed ->
                        claimed.rowCount() == 1 ? Future.succeededFuture(first) : findClaimed(request, first));
    }

    private static final String BY_ID = "select * from tasks where task_id = $1";

    /** The task of an earlier request, or of an earlier try of this one whose answer was lost. */
    private Future<TaskView> findClaimed(ExecuteTask request, TaskView mine) {
        return findRepeated(request)
                .compose(earlier -> earlier.isPresent()
                        ? Future.succeededFuture(earlier)
                        : pool.preparedQuery(BY_ID)
                                .execute(Tuple.of(mine.taskId().value()))
                                .map(rows -> rows.stream().findFirst().map(TaskRepository::view)))
                .map(found -> found.orElseThrow(() -> new BerthException(
                        ErrorCode.UNAVAILABLE,
                        "the task could not be recorded: another one had this Idempotency-Key a moment ago, or this node was declared"
                                + " lost; try again")));
    }

    private static final String BY_IDEMPOTENCY_KEY = "select * from tasks where user_id = $1 and idempotency_key = $2";

    /**
     * The task that an earlier request with the same {@code Idempotency-Key} started; fails with {@link ErrorCode#CONFLICT} if that was
     * another request.
     */
    public Future<Optional<TaskView>> findRepeated(ExecuteTask request) {
        return request.idempotency()
                .map(idempotency -> pool.preparedQuery(BY_IDEMPOTENCY_KEY)
                        .execute(Tuple.of(request.userId(), idempotency.key()))
                        .map(rows -> rows.stream().findFirst().map(row -> repeated(row, idempotency))))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private static TaskView repeated(Row row, Idempotency idempotency) {
        if (!idempotency.requestHash().equals(row.getString("request_hash"))) {
            throw new BerthException(
                    ErrorCode.CONFLICT,
                    "this Idempotency-Key was used before with another request; use a new one for a new request");
        }
        return view(row);
    }

    /** Records the task's status, question and outcome. Completes when Postgres has it, or else the disk. */
    public Future<Void> changed(TaskView task) {
        return outbox.write(new TaskMoved(task, Instant.now()));
    }

    /**
     * A task that failed before its first step was of no use: its request may be repeated. What was told before, at its time, is not
     * told again.
     */
    private static final String CHANGE = """
            with task as (
                update tasks set status = $2, output = $3, question = $4, error = $5,
                    cost_usd = greatest(cost_usd, $6), input_tokens = greatest(input_tokens, $7),
                    output_tokens = greatest(output_tokens, $8), completed_at = $9, last_event = last_event + 1,
                    idempotency_key = case when $2 = 'failed' and steps = 0 then null else idempotency_key end
                where task_id = $1 and completed_at is null
                    and (status <> $2::text or question is distinct from $4::text)
                    and not exists (
                        select from task_steps s where s.task_id = $1 and s.step is null and s.told::jsonb = $10::json::jsonb)
                returning task_id, last_event)
            insert into task_steps (task_id, event, told) select task_id, last_event, $10::json from task
            """;

    static Future<Void> update(SqlClient client, TaskMoved moved) {
        TaskView task = moved.task();
        Tuple values = Tuple.of(task.taskId().value(), task.status().wireName())
                .addString(task.output().map(TaskRepository::withoutNul).orElse(null))
                .addString(task.question().map(SqlText::clean).orElse(null))
                .addString(task.error().map(SqlText::clean).orElse(null))
                .addDouble(task.cost().usd())
                .addLong(task.cost().inputTokens())
                .addLong(task.cost().outputTokens())
                .addOffsetDateTime(
                        task.completedAt().map(SessionRepository::utc).orElse(null))
                .addJsonObject(TaskStory.told(task, moved.at()));
        return client.preparedQuery(CHANGE).execute(values).mapEmpty();
    }

    private static String withoutNul(String json) {
        return json.replace("\0", "");
    }

    /** Records a step. Steps are told in the order of their numbers. Completes when Postgres has it, or else the disk. */
    public Future<Void> step(TaskId id, TaskStep step) {
        return outbox.write(new TaskStepped(id, step));
    }

    private static final String STEP = """
            with task as (
                update tasks set steps = $2, cost_usd = cost_usd + $3, input_tokens = input_tokens + $4,
                    output_tokens = output_tokens + $5, last_event = last_event + 1
                where task_id = $1 and completed_at is null and steps < $2
                returning task_id, last_event)
            insert into task_steps (task_id, event, step, told) select task_id, last_event, $2, $6::json from task
            """;

    static Future<Void> insert(SqlClient client, TaskStepped stepped) {
        TaskStep step = stepped.step();
        return client.preparedQuery(STEP)
                .execute(Tuple.of(
                                stepped.taskId().value(),
                                step.number(),
                                step.cost().usd())
                        .addLong(step.cost().inputTokens())
                        .addLong(step.cost().outputTokens())
                        .addJsonObject(SessionRepository.json(step)))
                .mapEmpty();
    }

    private static final String FIND = "select * from tasks where task_id = $1 and user_id = $2";

    /** A task of this user, as last written. */
    public Future<Optional<TaskView>> find(TaskId id, long userId) {
        return outbox.caughtUp()
                .compose(told -> pool.preparedQuery(FIND).execute(Tuple.of(id.value(), userId)))
                .map(rows -> rows.stream().findFirst().map(TaskRepository::view))
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found)
                        : pool.preparedQuery(NOT_BEGUN)
                                .execute(Tuple.of(id.session().value(), userId))
                                .map(rows -> rows.stream().findFirst().map(row -> notBegun(id, userId, row))));
    }

    private static final String NOT_BEGUN = """
            select queued_task as instruction, created_at, ended_at, end_reason from sessions
            where session_id = $1 and user_id = $2 and queued_task is not null
            """;

    /** A task of a session that waited has no row before it begins, and none at all where the session ended before. */
    private static TaskView notBegun(TaskId id, long userId, Row row) {
        Optional<Instant> ended = SessionRow.optionalInstant(row, "ended_at");
        return new TaskView(
                id,
                id.session(),
                userId,
                row.getString("instruction"),
                ended.isPresent() ? TaskStatus.FAILED : TaskStatus.PENDING,
                Optional.empty(),
                Optional.empty(),
                ended.map(at -> "its session ended before it began: " + row.getString("end_reason")),
                0,
                Cost.NONE,
                SessionRow.instant(row, "created_at"),
                ended);
    }

    /**
     * Fails the tasks that an earlier process of this node left open; gives them. To be called before there are others.
     */
    public Future<List<TaskView>> failLost(String machineId, Instant now) {
        return fail(machineId, now, LostNodes.ANY_TIME, List.of(), LostTasks.LOST);
    }

    /**
     * Fails the tasks of this node that it does not run, for example those whose claim's answer was lost; gives their number.
     *
     * @param run the tasks that it ran, or was about to run, at that time
     */
    public Future<Integer> failForgotten(String machineId, Instant at, Collection<TaskId> run) {
        return fail(machineId, at, at, run, LostTasks.FORGOTTEN).map(List::size);
    }

    private Future<List<TaskView>> fail(
            String machineId, Instant at, Instant before, Collection<TaskId> run, String why) {
        return outbox.caughtUp().compose(told -> LostTasks.fail(pool, machineId, at, before, run, why, epoch));
    }

    static TaskView view(Row row) {
        return new TaskView(
                new TaskId(row.getString("task_id")),
                new SessionId(row.getString("session_id")),
                row.getLong("user_id"),
                row.getString("instruction"),
                ProtocolJson.constant(TaskStatus.class, row.getString("status")),
                Optional.ofNullable(row.getString("output")),
                Optional.ofNullable(row.getString("question")),
                Optional.ofNullable(row.getString("error")),
                row.getInteger("steps"),
                new Cost(row.getDouble("cost_usd"), row.getLong("input_tokens"), row.getLong("output_tokens")),
                SessionRow.instant(row, "started_at"),
                Optional.ofNullable(row.getOffsetDateTime("completed_at")).map(at -> at.toInstant()));
    }
}
