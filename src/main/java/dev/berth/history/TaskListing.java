package dev.berth.history;

import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Lists a user's AI tasks, newest first. */
public final class TaskListing {
    /** How many are counted: a total of them all would read each one. */
    public static final int MAX_COUNTED = 10_000;

    private final Pool pool;
    private final Outbox outbox;

    public TaskListing(Database database, Outbox outbox) {
        this.pool = database.pool();
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

    /** Without outputs, which may be large. */
    private static final String COLUMNS = """
            task_id, user_id, session_id, left(instruction, 1000) as instruction, status, null::text as output, question,
            error, steps, cost_usd, input_tokens, output_tokens, started_at, completed_at
            """;

    public Future<Page> list(Query query) {
        // One more than asked for tells whether there are more. An index alone gives the ids: what is skipped is not
        // read.
        String page = "select " + COLUMNS + "from tasks where task_id in (select task_id " + query.where()
                + " order by started_at desc, task_id limit " + (query.limit() + 1) + " offset " + query.offset()
                + ") order by started_at desc, task_id";
        return outbox.caughtUp()
                .compose(told -> Future.all(
                        pool.preparedQuery(page)
                                .execute(Tuple.of(query.userId()))
                                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                                        .map(TaskRepository::view)
                                        .toList()),
                        count(query)))
                .map(both -> page(query, both.resultAt(0), both.resultAt(1)));
    }

    private static Page page(Query query, List<TaskView> found, long total) {
        boolean more = found.size() > query.limit();
        return new Page(more ? found.subList(0, query.limit()) : found, total, more);
    }

    private Future<Long> count(Query query) {
        return pool.preparedQuery(
                        "select count(*) from (select " + query.where() + " limit " + MAX_COUNTED + ") counted")
                .execute(Tuple.of(query.userId()))
                .map(rows -> rows.iterator().next().getLong(0));
    }
}
