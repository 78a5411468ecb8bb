package dev.berth.history.task;

import dev.berth.access.KeyBounds;
import dev.berth.access.KeyLimits;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.Fact.TaskMoved;
import dev.berth.history.Fact.TaskStepped;
import dev.berth.history.NodeEpoch;
import dev.berth.history.Outbox;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession.Idempotency;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;

/** Running and ended AI tasks. An ended one does not change any more. Thread-safe. */
public final class TaskRepository {
    private final Database database;
    private final Outbox outbox;
    private final NodeEpoch epoch;
    private final FairQueue<Long> claims = Database.ofUsers();

    /** @param epoch without which this process claims no task for its node */
    public TaskRepository(Database database, Outbox outbox, NodeEpoch epoch) {
        this.database = database;
        this.outbox = outbox;
        this.epoch = epoch;
    }

    private static final String CLAIM = """
            with task as (
                insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, started_at, last_event,
                                   idempotency_key, request_hash, key_id, max_cost_usd)
                select $1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $12, $13
                where %s
                on conflict do nothing returning task_id)
            insert into task_steps (task_id, event, told) select task_id, 1, $10::json from task
            """.formatted(NodeEpoch.isMine("$4", "$11"));

    /**
     * Claims a task for a node, before it begins and before its session is made. Gives {@code first} back, or the task that an earlier
     * request with the same {@code Idempotency-Key} started; fails with {@link ErrorCode#CONFLICT} if that was another request.
     */
    public Future<TaskView> started(ExecuteTask request, TaskView first, String machineId) {
        return KeyBounds.of(database, request.keyId())
                .map(found -> found.filter(key -> key.aiUsdPerMonth().isPresent()))
                .compose(limits -> limits.map(key -> claimInTurn(request, first, machineId, key))
                        .orElseGet(() -> claim(database, request, first, machineId)))
                .compose(claimed -> claimed == 1 ? Future.succeededFuture(first) : findClaimed(request, first));
    }

    private Future<Integer> claimInTurn(ExecuteTask request, TaskView first, String machineId, KeyLimits limits) {
        return claims.run(
                request.userId(),
                () -> database.transaction(together -> together.rows(KeyBounds.LOCK, request.userId())
                        .compose(alone -> KeyBounds.requireCost(together, request, limits, first.startedAt()))
                        .compose(may -> claim(together, request, first, machineId))));
    }

    private Future<Integer> claim(Statements statements, ExecuteTask request, TaskView first, String machineId) {
        return statements.update(
                CLAIM,
                first.taskId(),
                first.userId(),
                first.sessionId(),
                machineId,
                first.instruction(),
                first.status().wireName(),
                first.startedAt(),
                request.idempotency().map(Idempotency::key),
                request.idempotency().map(Idempotency::requestHash),
                TaskStory.begun(first, request.spec().limits()),
                epoch.orNull(),
                request.keyId(),
                request.spec().limits().maxCostUsd());
    }

    private static final String BY_ID = "select * from tasks where task_id = $1";

    /** The task of an earlier request, or of an earlier try of this one whose answer was lost. */
    private Future<TaskView> findClaimed(ExecuteTask request, TaskView mine) {
        return findRepeated(request)
                .compose(earlier -> earlier.isPresent()
                        ? Future.succeededFuture(earlier)
                        : database.first(BY_ID, TaskRepository::view, mine.taskId()))
                .map(found -> found.orElseThrow(() -> new BerthException(
                        ErrorCode.UNAVAILABLE,
                        "the task could not be recorded: another task has just used this Idempotency-Key, or this node was declared"
                                + " lost; try again")));
    }

    private static final String BY_IDEMPOTENCY_KEY = "select * from tasks where user_id = $1 and idempotency_key = $2";

    /**
     * The task that an earlier request with the same {@code Idempotency-Key} started; fails with {@link ErrorCode#CONFLICT} if that was
     * another request.
     */
    public Future<Optional<TaskView>> findRepeated(ExecuteTask request) {
        return request.idempotency()
                .map(idempotency -> database.first(
                        BY_IDEMPOTENCY_KEY, row -> repeated(row, idempotency), request.userId(), idempotency.key()))
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
     * A task that failed before its first step was of no use: its request may be repeated. Events that were told before, at their time, are
     * not told again.
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

    public static Future<Void> update(Statements statements, TaskMoved moved) {
        TaskView task = moved.task();
        return statements
                .rows(
                        CHANGE,
                        task.taskId(),
                        task.status().wireName(),
                        task.output().map(Sql::withoutNul),
                        task.question().map(Sql::clean),
                        task.error().map(Sql::clean),
                        task.cost().usd(),
                        task.cost().inputTokens(),
                        task.cost().outputTokens(),
                        task.completedAt(),
                        TaskStory.told(task, moved.at()))
                .mapEmpty();
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

    public static Future<Void> insert(Statements statements, TaskStepped stepped) {
        TaskStep step = stepped.step();
        return statements
                .rows(
                        STEP,
                        stepped.taskId(),
                        step.number(),
                        step.cost().usd(),
                        step.cost().inputTokens(),
                        step.cost().outputTokens(),
                        Sql.json(step))
                .mapEmpty();
    }

    private static final String FIND = "select * from tasks where task_id = $1 and user_id = $2";

    /** A task of this user, as last written. */
    public Future<Optional<TaskView>> find(TaskId id, long userId) {
        return outbox.caughtUp()
                .compose(told -> database.first(FIND, TaskRepository::view, id, userId))
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found)
                        : database.first(NOT_BEGUN, row -> notBegun(id, userId, row), id.session(), userId));
    }

    private static final String NOT_BEGUN = """
            select queued_task as instruction, created_at, ended_at, end_reason from sessions
            where session_id = $1 and user_id = $2 and queued_task is not null
            """;

    /** A task of a session that waited has no row before it begins, and none at all where the session ended before. */
    private static TaskView notBegun(TaskId id, long userId, Row row) {
        Optional<Instant> ended = Sql.optionalInstant(row, "ended_at");
        return new TaskView(
                id,
                id.session(),
                userId,
                row.getString("instruction"),
                ended.isPresent() ? TaskStatus.FAILED : TaskStatus.PENDING,
                Optional.empty(),
                Optional.empty(),
                ended.map(at -> "the session ended before the task began: " + row.getString("end_reason")),
                0,
                Cost.NONE,
                Sql.instant(row, "created_at"),
                ended);
    }

    public static TaskView view(Row row) {
        return new TaskView(
                new TaskId(row.getString("task_id")),
                new SessionId(row.getString("session_id")),
                row.getLong("user_id"),
                row.getString("instruction"),
                ProtocolJson.constant(TaskStatus.class, row.getString("status")),
                Sql.optional(row, "output"),
                Sql.optional(row, "question"),
                Sql.optional(row, "error"),
                row.getInteger("steps"),
                new Cost(row.getDouble("cost_usd"), row.getLong("input_tokens"), row.getLong("output_tokens")),
                Sql.instant(row, "started_at"),
                Sql.optionalInstant(row, "completed_at"));
    }
}
