package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Statements;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.SessionEvent.Lifecycle;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/**
 * The creation, start and end of a user's sessions, numbered. Sessions commit in any order, so entries get their numbers when the
 * story is read: only what is committed, under a lock of the user, each greater than all before. So no entry ever appears before
 * one that a reader has had. Thread-safe.
 */
public final class LifecycleRepository {
    static final int BATCH = 1_000;
    /** The step of a session's latest update; it gets a new number with each. */
    private static final int UPDATED = 3;

    private final Database database;
    private final Outbox outbox;
    private final FairQueue<Long> turns = Database.ofUsers();

    public LifecycleRepository(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /** An entry of a user's story. */
    public record Numbered(long number, Lifecycle event) {}

    private static final String READ = """
            select l.number, l.step, s.session_id, s.status, s.end_reason, s.created_at, s.started_at, s.ended_at,
                s.bytes_in, s.bytes_out, s.blocked, s.name, s.outcome, s.outcome_reason, s.metadata, s.updates, s.updated_at
            from lifecycle l join sessions s using (session_id)
            where l.user_id = $1 and l.number > $2 and l.step in (0, 1, 2, 3) order by l.number limit $3
            """;

    /** The entries after a number, at most {@code limit}, in their order. */
    public Future<List<Numbered>> read(long user, long after, int limit) {
        return outbox.caughtUp()
                .compose(told -> numberAll(user))
                .compose(numbered -> database.list(READ, LifecycleRepository::numbered, user, after, limit));
    }

    private static final String LAST = "select last_lifecycle from users where user_id = $1";

    /** The number of the latest entry; 0 where there is none. */
    public Future<Long> last(long user) {
        return outbox.caughtUp().compose(told -> numberAll(user)).compose(numbered -> database.number(LAST, user));
    }

    private static final String HAS_NEW = "select exists (select from lifecycle where user_id = $1 and number is null)";

    private Future<Void> numberAll(long user) {
        Promise<Void> all = Promise.promise();
        numberAll(user, all);
        return all.future();
    }

    /** Batch after batch. Not by futures in each other: they would all be held, and their ends be told by recursion. */
    private void numberAll(long user, Promise<Void> all) {
        numberNext(user).onFailure(all::fail).onSuccess(some -> {
            if (some) {
                numberAll(user, all);
            } else {
                all.complete();
            }
        });
    }

    /** Gives whether there was anything to number. */
    private Future<Boolean> numberNext(long user) {
        return database.first(HAS_NEW, row -> row.getBoolean(0), user)
                .map(Optional::orElseThrow)
                .compose(some -> some
                        ? turns.run(user, () -> database.transaction(together -> number(together, user)))
                                .map(true)
                        : Future.succeededFuture(false));
    }

    private static final String LOCK = "select from users where user_id = $1 for no key update";

    private static final String NUMBER = """
            with due as (
                select lifecycle_id, row_number() over (order by lifecycle_id) as nth
                from lifecycle where user_id = $1 and number is null order by lifecycle_id limit $2),
            counted as (
                update users set last_lifecycle = last_lifecycle + (select count(*) from due) where user_id = $1
                returning last_lifecycle - (select count(*) from due) as before)
            update lifecycle l set number = counted.before + due.nth from due, counted
            where l.lifecycle_id = due.lifecycle_id
            """;

    /** Two statements: the second one sees all that was committed before the lock was given. */
    private static Future<Void> number(Statements together, long user) {
        return together.rows(LOCK, user)
                .compose(locked -> together.rows(NUMBER, user, BATCH))
                .mapEmpty();
    }

    private static Numbered numbered(Row row) {
        SessionId id = new SessionId(row.getString("session_id"));
        int step = row.getInteger("step");
        Lifecycle event = step == UPDATED
                ? SessionRow.updated(id, row)
                : StoryRepository.lifecycle(id, row)
                        .filter(entry -> entry.offset() == step)
                        .findFirst()
                        .orElseThrow();
        return new Numbered(row.getLong("number"), event);
    }
}
