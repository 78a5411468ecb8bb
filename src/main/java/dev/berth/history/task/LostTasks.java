package dev.berth.history.task;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.LostSessions;
import dev.berth.history.NodeEpoch;
import dev.berth.history.Outbox;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Fails AI tasks that are recorded as open but that no process runs any more. Thread-safe. */
public final class LostTasks {
    private static final String LOST = "the node that ran it was lost";
    private static final String FORGOTTEN = "its node does not run it";

    private final Database database;
    private final Outbox outbox;
    private final String machineId;
    private final NodeEpoch epoch;

    /**
     * @param machineId the node whose tasks these are
     * @param epoch of this process; a process whose epoch is over fails no task, as its node's tasks may be another process's
     */
    public LostTasks(Database database, Outbox outbox, String machineId, NodeEpoch epoch) {
        this.database = database;
        this.outbox = outbox;
        this.machineId = machineId;
        this.epoch = epoch;
    }

    /** Fails the tasks that an earlier process of this node left open; gives them. To be called before this process has tasks. */
    public Future<List<TaskView>> failAll(Instant now) {
        return outbox.caughtUp()
                .compose(told -> fail(database, machineId, now, LostSessions.ANY_TIME, List.of(), LOST, epoch));
    }

    /**
     * Fails the tasks of this node that it does not run, for example those whose claim's answer was lost; gives their number.
     *
     * @param run the tasks that the node ran, or was about to run, at that time
     */
    public Future<Integer> correct(Instant at, Collection<TaskId> run) {
        return outbox.caughtUp()
                .compose(told -> fail(database, machineId, at, at, run, FORGOTTEN, epoch))
                .map(List::size);
    }

    /** Fails the open tasks of a node that was declared lost; gives them. */
    public static Future<List<TaskView>> failAll(Statements statements, String machineId) {
        return fail(statements, machineId, Instant.now(), LostSessions.ANY_TIME, List.of(), LOST, NodeEpoch.NONE);
    }

    private static final String LOSE = """
            with open as (
                select task_id from tasks
                where machine_id = $1 and completed_at is null and started_at < $6 and not task_id = any($5::text[])
                    and %s
                for update skip locked),
            lost as (
                update tasks t set status = 'failed', error = $2, question = null, completed_at = $3,
                    last_event = last_event + 1,
                    idempotency_key = case when steps = 0 then null else idempotency_key end
                from open where t.task_id = open.task_id
                returning t.*),
            told as (
                insert into task_steps (task_id, event, told) select task_id, last_event, $4::json from lost)
            select * from lost
            """.formatted(NodeEpoch.isMine("$1", "$7"));

    /**
     * @param before the time before which the tasks began
     * @param run the tasks that do not fail, as they run
     * @param epoch of this process; a process whose epoch is over fails no task
     */
    private static Future<List<TaskView>> fail(
            Statements statements,
            String machineId,
            Instant at,
            Instant before,
            Collection<TaskId> run,
            String why,
            NodeEpoch epoch) {
        return statements.list(
                LOSE,
                TaskRepository::view,
                machineId,
                why,
                at,
                TaskStory.lost(why, at),
                Sql.texts(run),
                before,
                epoch.orNull());
    }
}
