package dev.berth.history.task;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.protocol.TaskSpec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.stream.Collectors;

/** The steps of AI tasks that succeeded, for later tasks with the same instruction, start and names of variables. Thread-safe. */
public final class ReusableSteps {
    /** Limit for the recorded runs of a user; the oldest make place for new ones. */
    static final int MAX_OF_USER = 1_000;

    private static final int MAX_CHARS = 1 << 18;

    private final Database database;

    public ReusableSteps(Database database) {
        this.database = database;
    }

    private static final String SAVE = """
            insert into reusable_steps (user_id, task_hash, steps, saved_at) values ($1, $2, $3, now())
            on conflict (user_id, task_hash) do update set steps = excluded.steps, saved_at = excluded.saved_at
            """;

    private static final String TRIM = """
            delete from reusable_steps where user_id = $1 and task_hash in (
                select task_hash from reusable_steps where user_id = $1 order by saved_at desc offset $2)
            """;

    /** Keeps the steps of a task, instead of earlier ones of the same. If they are too long, none are kept. */
    public Future<Void> save(long userId, TaskSpec spec, JsonObject steps) {
        return steps.encode().length() > MAX_CHARS
                ? forget(userId, spec)
                : database.rows(SAVE, userId, hash(spec), steps)
                        .compose(saved -> database.rows(TRIM, userId, MAX_OF_USER))
                        .mapEmpty();
    }

    private static final String FIND = "select steps from reusable_steps where user_id = $1 and task_hash = $2";

    public Future<Optional<JsonObject>> find(long userId, TaskSpec spec) {
        return database.first(FIND, row -> (JsonObject) row.getJson(0), userId, hash(spec));
    }

    private static final String FORGET = "delete from reusable_steps where user_id = $1 and task_hash = $2";

    private Future<Void> forget(long userId, TaskSpec spec) {
        return database.rows(FORGET, userId, hash(spec)).mapEmpty();
    }

    /** No part has a NUL. */
    private static Buffer hash(TaskSpec spec) {
        String names = spec.variables().keySet().stream().sorted().collect(Collectors.joining(" "));
        return Buffer.buffer(
                Sql.sha256(spec.instruction() + "\0" + spec.startUrl().orElse("") + "\0" + names));
    }
}
