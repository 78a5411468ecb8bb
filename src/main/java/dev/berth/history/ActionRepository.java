package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.Fact.ActionsDone;
import dev.berth.history.Fact.NumberedAction;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ActionSlice;
import dev.berth.protocol.TaskId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * The action log. Commits in groups: while one batch is in progress, further actions gather for the next, so that many
 * actions cost one round trip. Thread-safe; batches are gathered on one context.
 */
public class ActionRepository {
    private static final int MAX_BATCH = 500;
    private static final int MAX_GATHERED = 20_000;

    private final Database database;
    private final Context context;
    private final Outbox outbox;
    private List<Write> gathering = new ArrayList<>();
    private boolean writing;

    /** @param context on which batches are gathered */
    public ActionRepository(Context context, Database database, Outbox outbox) {
        this.context = context;
        this.database = database;
        this.outbox = outbox;
    }

    private record Write(NumberedAction action, Promise<Void> committed) {}

    private static final String APPEND = """
            insert into actions (session_id, seq, action_id, type, happened_at, success, details, duration_millis, source,
                                 error, cost_usd, input_tokens, output_tokens)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            on conflict (session_id, seq) do nothing
            """;

    /** Idempotent. */
    public static Future<Void> insert(Statements statements, List<NumberedAction> actions) {
        return statements.batch(
                APPEND, actions.stream().map(ActionRepository::row).toList());
    }

    /**
     * Completes when the action is committed, or safe on disk if Postgres does not take it.
     *
     * @param seq its number in the session
     */
    public Future<Void> append(SessionId id, long seq, ActionEntry action) {
        // Completes on the caller's context, not on the one that gathers the writes of all sessions.
        Promise<Void> committed = LoopPromise.here(context.owner());
        context.runOnContext(ignored -> {
            if (gathering.size() >= MAX_GATHERED) {
                committed.fail(new BerthException(
                        ErrorCode.UPSTREAM, MAX_GATHERED + " actions of this node are already waiting to be recorded"));
            } else {
                gathering.add(new Write(new NumberedAction(id, seq, action), committed));
                writeNext();
            }
        });
        return committed.future();
    }

    private void writeNext() {
        if (writing || gathering.isEmpty()) {
            return;
        }
        writing = true;
        List<Write> batch = gathering.subList(0, Math.min(MAX_BATCH, gathering.size()));
        gathering = new ArrayList<>(gathering.subList(batch.size(), gathering.size()));
        write(batch)
                .onComplete(result -> context.runOnContext(ignored -> {
                    writing = false;
                    writeNext();
                }));
    }

    /** If Postgres refuses one action, the others of the batch must not fail with it. */
    private Future<Void> write(List<Write> batch) {
        return outbox.write(new ActionsDone(batch.stream().map(Write::action).toList()))
                .onSuccess(done -> batch.forEach(write -> write.committed().complete()))
                .recover(e -> {
                    if (batch.size() > 1 && Sql.isRefusal(e)) {
                        return Future.join(batch.stream()
                                        .map(one -> write(List.of(one)))
                                        .toList())
                                .mapEmpty();
                    }
                    batch.forEach(write -> write.committed().fail(e));
                    return Future.succeededFuture();
                });
    }

    private static Tuple row(NumberedAction numbered) {
        ActionEntry action = numbered.action();
        return Sql.tuple(
                numbered.sessionId(),
                numbered.seq(),
                action.actionId(),
                action.type(),
                action.timestamp(),
                action.success(),
                Sql.json(action.details()),
                action.duration(),
                action.source().wireName(),
                action.error().map(Sql::clean),
                action.cost().usd(),
                action.cost().inputTokens(),
                action.cost().outputTokens());
    }

    private static final String PAGE = "select * from actions where session_id = $1 order by seq limit $2 offset $3";
    private static final String COUNT = "select count(*) from actions where session_id = $1";

    /** A part of a session's action log, oldest first. */
    public Future<ActionSlice> page(SessionId id, long offset, int limit) {
        return outbox.caughtUp()
                .compose(told -> Future.all(
                        database.list(PAGE, ActionRepository::entry, id, limit, offset), database.number(COUNT, id)))
                .map(both -> new ActionSlice(both.resultAt(0), both.<Long>resultAt(1), true));
    }

    private static final String FAILED = """
            select *, count(*) over () as total from actions where session_id = $1 and not success order by seq desc limit $2
            """;

    /** The latest actions of a session that failed, oldest first, at most {@code limit}; the total counts all that failed. */
    public Future<ActionSlice> failed(SessionId id, int limit) {
        return outbox.caughtUp()
                .compose(told -> database.rows(FAILED, id, limit))
                .map(rows -> {
                    List<ActionEntry> latest = new ArrayList<>();
                    long total = 0;
                    for (Row row : rows) {
                        latest.add(0, entry(row));
                        total = row.getLong("total");
                    }
                    return new ActionSlice(latest, total, true);
                });
    }

    private static final String OF_TASK = """
            select *, count(*) over () as total from actions where session_id = $1 and details ->> 'taskId' = $2
            order by seq limit $3
            """;

    /** The actions that an AI task performed in a session, oldest first, at most {@code limit}; the total counts all of them. */
    public Future<ActionSlice> ofTask(SessionId id, TaskId task, int limit) {
        return outbox.caughtUp()
                .compose(told -> database.rows(OF_TASK, id, task.value(), limit))
                .map(rows -> {
                    List<ActionEntry> all = new ArrayList<>();
                    long total = 0;
                    for (Row row : rows) {
                        all.add(entry(row));
                        total = row.getLong("total");
                    }
                    return new ActionSlice(all, total, true);
                });
    }

    static ActionEntry entry(Row row) {
        return new ActionEntry(
                row.getString("action_id"),
                row.getString("type"),
                Sql.instant(row, "happened_at"),
                row.getBoolean("success"),
                ((JsonObject) row.getJson("details")).getMap(),
                row.getLong("duration_millis"),
                ProtocolJson.constant(ActionSource.class, row.getString("source")),
                Sql.optional(row, "error"),
                new Cost(row.getDouble("cost_usd"), row.getLong("input_tokens"), row.getLong("output_tokens")));
    }
}
