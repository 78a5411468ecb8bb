package dev.berth.history.node;

import dev.berth.database.Database;
import dev.berth.database.Statements;
import dev.berth.history.LostSessions;
import dev.berth.history.NodeEpoch;
import dev.berth.history.SessionQueue;
import dev.berth.history.task.LostTasks;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Declares other nodes lost, and ends what they had, each in one transaction. Thread-safe. */
public final class LostNodes {
    private static final String LOST =
            "its node gave no sign of life for 15 s, and another node declared it lost; what it had not"
                    + " stored yet (uploads, recordings, its last log entries) is on its disk until it starts again";
    private static final String LEFT_BEHIND = "its node had left the cluster";
    private final Database database;
    private final double pricePerHour;

    /** @param database used for nothing that must not wait for this */
    public LostNodes(Database database, double pricePerHour) {
        this.database = database;
        this.pricePerHour = pricePerHour;
    }

    /** The sessions and tasks that were ended. */
    public record Losses(List<SessionQueue.Ended> sessions, List<TaskView> tasks) {
        public Losses {
            sessions = List.copyOf(sessions);
            tasks = List.copyOf(tasks);
        }
    }

    private static final String DECLARE = """
            update nodes set lost_at = clock_timestamp(), epoch = nextval('node_epochs') where machine_id = (
                select machine_id from nodes
                where machine_id = $1 and epoch = $2 and renewals = $3 and lost_at is null and released_at is null
                for update skip locked)
            """;

    /**
     * Declares a node lost, unless it has raised its counter since: takes its epoch from it, and ends what it had. Empty if it has
     * raised it, or if another node declares or has declared it.
     */
    public Future<Optional<Losses>> declare(NodeRow node) {
        return end(node, LOST, DECLARE, node.machineId(), node.epoch(), node.renewals());
    }

    private static final String STILL_GONE = """
            select from nodes where machine_id = $1 and epoch = $2 and (lost_at is not null or released_at is not null)
            for update skip locked
            """;

    /** Ends what a lost or released node has nevertheless. Empty if it has come back, or if another node does so. */
    public Future<Optional<Losses>> sweep(NodeRow departed) {
        return end(departed, LEFT_BEHIND, STILL_GONE, departed.machineId(), departed.epoch());
    }

    /** However many sessions it is about. */
    private static final String LIMITS = "set local statement_timeout = '15s'";

    private Future<Optional<Losses>> end(NodeRow node, String detail, String mine, Object... key) {
        return database.longTransaction(together -> together.rows(LIMITS)
                .compose(limited -> together.update(mine, key))
                .compose(rows -> rows == 1
                        ? endAll(together, node, detail).map(Optional::of)
                        : Future.succeededFuture(Optional.empty())));
    }

    private Future<Losses> endAll(Statements together, NodeRow node, String detail) {
        LostSessions.Range all = new LostSessions.Range(
                node.machineId(), node.renewedAt(), LostSessions.ANY_TIME, List.of(), true, NodeEpoch.NONE);
        return LostSessions.fail(together, all, detail, pricePerHour)
                .compose(sessions ->
                        LostTasks.failAll(together, node.machineId()).map(tasks -> new Losses(sessions, tasks)));
    }
}
