package dev.berth.history.retention;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The objects of the object store to which Postgres refers, of all users. Thread-safe. */
public final class References {
    private final Database database;

    public References(Database database) {
        this.database = database;
    }

    private static final String OF_SESSIONS = """
            select object_key from artifacts where session_id >= $1 and session_id < $2 and state = 'stored'
            union all select object_key from log_chunks where session_id >= $1 and session_id < $2
            """;

    /** The keys of the objects that the object store should have of sessions whose ids are from {@code from} to before {@code to}. */
    public Future<List<String>> ofSessions(String from, String to) {
        return database.list(OF_SESSIONS, row -> row.getString(0), from, to);
    }

    private static final String OF_PROFILES =
            "select object_key from profile_versions where object_key >= $1 and object_key < $2";

    /** The same of profiles whose keys are from {@code from} to before {@code to}. */
    public Future<List<String>> ofProfiles(String from, String to) {
        return database.list(OF_PROFILES, row -> row.getString(0), from, to);
    }

    private static final String KNOWN = """
            select k.object_key from unnest($1::text[]) as k (object_key)
            where exists (select from artifacts a where a.object_key = k.object_key)
                or exists (select from log_chunks c
                    where c.session_id = split_part(k.object_key, '/', 2) and c.object_key = k.object_key)
                or exists (select from profile_versions p where p.object_key = k.object_key)
                or $2 and exists (select from garbage g where g.object_key = k.object_key)
            """;

    /**
     * The keys among {@code keys} that Postgres has.
     *
     * @param garbage whether keys of objects that are about to be deleted count, too
     */
    public Future<Set<String>> known(Collection<String> keys, boolean garbage) {
        return keys.isEmpty()
                ? Future.succeededFuture(Set.of())
                : database.list(KNOWN, row -> row.getString(0), Sql.texts(keys), garbage)
                        .map(HashSet::new);
    }
}
