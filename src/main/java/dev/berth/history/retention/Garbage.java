package dev.berth.history.retention;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;

/**
 * The table of objects of the object store that no row refers to any more. Triggers (V29, V30) fill it in the transaction that deletes
 * an artifact, a part of a log or a version of a profile. Thread-safe.
 */
public final class Garbage {
    private final Database database;

    public Garbage(Database database) {
        this.database = database;
    }

    /**
     * An object to delete.
     *
     * @param dueAt when it comes due again unless it is forgotten
     * @param wanted whether something refers to it after all: then it is not deleted, only forgotten
     */
    public record Due(String objectKey, OffsetDateTime dueAt, boolean wanted) {}

    /** A node that claims objects has five minutes: then any node may claim those that it did not delete. */
    private static final String CLAIM = """
            update garbage g set due_at = now() + interval '5 minutes'
            where object_key in (select object_key from garbage where %s for update skip locked)
            returning object_key, due_at,
                exists (select from artifacts a where a.object_key = g.object_key)
                or exists (select from log_chunks c
                    where c.session_id = split_part(g.object_key, '/', 2) and c.object_key = g.object_key)
                or exists (select from profile_versions p where p.object_key = g.object_key) as wanted
            """;

    private static final String CLAIM_DUE = CLAIM.formatted("due_at <= now() order by due_at limit $1");

    /** Claims objects that are due, at most {@code limit}. */
    public Future<List<Due>> claim(int limit) {
        return database.list(CLAIM_DUE, Garbage::due, limit);
    }

    private static final String CLAIM_THESE = CLAIM.formatted("object_key = any($1::text[])");

    /** Claims the objects with these keys, as far as they are garbage and no other claim of them is under way. */
    public Future<List<Due>> claim(Collection<String> keys) {
        return database.list(CLAIM_THESE, Garbage::due, Sql.texts(keys));
    }

    private static Due due(Row row) {
        return new Due(row.getString("object_key"), row.getOffsetDateTime("due_at"), row.getBoolean("wanted"));
    }

    /** An object that became garbage again after the claim stays: its bytes may have arrived after the deletion. */
    private static final String FORGET = "delete from garbage where object_key = $1 and due_at = $2";

    /** Forgets an object that is deleted. */
    public Future<Void> forget(Due deleted) {
        return database.rows(FORGET, deleted.objectKey(), deleted.dueAt()).mapEmpty();
    }

    private static final String ADD =
            "insert into garbage (object_key) select unnest($1::text[]) on conflict (object_key) do nothing";

    /** Adds objects that are in the object store and that nothing refers to. */
    public Future<Void> add(Collection<String> keys) {
        return database.rows(ADD, Sql.texts(keys)).mapEmpty();
    }

    private static final String COUNT = "select count(*) from garbage";

    /** How many objects are still to be deleted. */
    public Future<Long> count() {
        return database.number(COUNT);
    }

    private static final String COUNT_OF = "select count(*) from garbage where object_key = any($1::text[])";

    /** How many of the objects with these keys are still to be deleted. */
    public Future<Long> count(Collection<String> keys) {
        return database.number(COUNT_OF, Sql.texts(keys));
    }
}
