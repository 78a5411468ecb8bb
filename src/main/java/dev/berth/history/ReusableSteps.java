package dev.berth.history;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The steps of AI tasks that succeeded, for later tasks with the same instruction and start. Thread-safe. */
public final class ReusableSteps {
    /** Of a user; the oldest make place for new ones. */
    static final int MAX_OF_USER = 1_000;

    private static final int MAX_CHARS = 1 << 18;

    private final Pool pool;

    public ReusableSteps(Database database) {
        this.pool = database.pool();
    }

    private static final String SAVE = """
            insert into reusable_steps (user_id, task_hash, steps, saved_at) values ($1, $2, $3, now())
            on conflict (user_id, task_hash) do update set steps = excluded.steps, saved_at = excluded.saved_at
            """;

    private static final String TRIM = """
            delete from reusable_steps where user_id = $1 and task_hash in (
                select task_hash from reusable_steps where user_id = $1 order by saved_at desc offset $2)
            """;

    /** Keeps the steps of a task, instead of earlier ones of the same. Gives whether they are few enough to be kept. */
    public Future<Boolean> save(long userId, String instruction, Optional<String> startUrl, JsonArray steps) {
        if (steps.encode().length() > MAX_CHARS) {
            return Future.succeededFuture(false);
        }
        return pool.preparedQuery(SAVE)
                .execute(Tuple.of(userId, hash(instruction, startUrl), steps))
                .compose(saved -> pool.preparedQuery(TRIM).execute(Tuple.of(userId, MAX_OF_USER)))
                .map(true);
    }

    private static final String FIND = "select steps from reusable_steps where user_id = $1 and task_hash = $2";

    public Future<Optional<JsonArray>> find(long userId, String instruction, Optional<String> startUrl) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(userId, hash(instruction, startUrl)))
                .map(rows -> {
                    var row = rows.iterator();
                    return row.hasNext() ? Optional.of((JsonArray) row.next().getJson(0)) : Optional.empty();
                });
    }

    private static final String FORGET = "delete from reusable_steps where user_id = $1 and task_hash = $2";

    /** Forgets steps that do not fit any more. */
    public Future<Void> forget(long userId, String instruction, Optional<String> startUrl) {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.of(userId, hash(instruction, startUrl)))
                .mapEmpty();
    }

    /** Neither text has a NUL. */
    private static Buffer hash(String instruction, Optional<String> startUrl) {
        return Buffer.buffer(KeyRepository.hash(instruction + "\0" + startUrl.orElse("")));
    }
}
