package dev.berth.history;

import static dev.berth.history.SessionRepository.utc;

import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Fails AI tasks that are recorded as running but that no process runs any more. */
final class LostTasks {
    static final String LOST = "the node that ran it was lost";
    static final String FORGOTTEN = "its node does not run it";

    private LostTasks() {}

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
     * Fails the open tasks of a node; gives them.
     *
     * @param before when they began
     * @param run not these
     * @param epoch without which this process may not fail them
     */
    static Future<List<TaskView>> fail(
            SqlClient client,
            String machineId,
            Instant at,
            Instant before,
            Collection<TaskId> run,
            String why,
            NodeEpoch epoch) {
        return client.preparedQuery(LOSE)
                .execute(Tuple.of(machineId, why)
                        .addOffsetDateTime(utc(at))
                        .addJsonObject(TaskStory.lost(why, at))
                        .addArrayOfString(run.stream().map(TaskId::value).toArray(String[]::new))
                        .addOffsetDateTime(utc(before))
                        .addLong(epoch.orNull()))
                .map(rows -> rows.stream().map(TaskRepository::view).toList());
    }
}
