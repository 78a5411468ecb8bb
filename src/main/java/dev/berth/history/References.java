package dev.berth.history;

import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which objects of the object store Postgres refers to, of all users. Thread-safe. */
public final class References {
    private final Database database;

    public References(Database database) {
        this.database = database;
    }

    /** A session, with the keys of the objects that the object store should have of it. */
    public record OfSession(SessionId id, List<String> objectKeys) {
        public OfSession {
            objectKeys = List.copyOf(objectKeys);
        }
    }

    private static final String PAGE = """
            select session_id, array(
                select object_key from artifacts a where a.session_id = s.session_id and a.state = 'stored'
                union all select object_key from log_chunks c where c.session_id = s.session_id) as object_keys
            from sessions s where session_id > $1 order by session_id limit $2
            """;

    /** Sessions in the order of their ids, which is that of keys in the object store, too, at most {@code limit}. */
    public Future<List<OfSession>> page(Optional<SessionId> after, int limit) {
        return database.list(
                PAGE,
                row -> new OfSession(
                        new SessionId(row.getString("session_id")), List.of(row.getArrayOfStrings("object_keys"))),
                after.map(SessionId::value).orElse(""),
                limit);
    }

    private static final String KNOWN = """
            select k.object_key from unnest($1::text[]) as k (object_key)
            where exists (select from artifacts a where a.object_key = k.object_key)
                or exists (select from log_chunks c
                    where c.session_id = split_part(k.object_key, '/', 2) and c.object_key = k.object_key)
                or $2 and exists (select from garbage g where g.object_key = k.object_key)
            """;

    /**
     * Those of these keys that Postgres has.
     *
     * @param garbage whether those count, too, that are about to be deleted
     */
    public Future<Set<String>> known(Collection<String> keys, boolean garbage) {
        return keys.isEmpty()
                ? Future.succeededFuture(Set.of())
                : database.list(KNOWN, row -> row.getString(0), Sql.texts(keys), garbage)
                        .map(HashSet::new);
    }
}
