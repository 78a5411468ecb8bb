package dev.berth.history;

import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;

/** The navigations of sessions. Thread-safe. */
public class NavigationRepository {
    private final Database database;

    public NavigationRepository(Database database) {
        this.database = database;
    }

    private static final String SAVE = """
            insert into navigations (
                session_id, seq, url, title, happened_at, page_id, document_id, content_loaded_at, loaded_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (session_id, seq) do update set
                title = excluded.title, content_loaded_at = excluded.content_loaded_at, loaded_at = excluded.loaded_at
            """;

    /**
     * Writes navigations; those that exist are updated.
     *
     * @param navigations by their number in the session
     */
    public Future<Void> save(SessionId id, Map<Long, NavigationEntry> navigations) {
        return upsert(database, id, navigations);
    }

    static Future<Void> upsert(Statements statements, SessionId id, Map<Long, NavigationEntry> navigations) {
        if (navigations.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Tuple> rows = navigations.entrySet().stream()
                .map(entry -> row(id, entry.getKey(), entry.getValue()))
                .toList();
        return statements.batch(SAVE, rows);
    }

    private static Tuple row(SessionId id, long seq, NavigationEntry navigation) {
        return Sql.tuple(
                id,
                seq,
                Sql.clean(navigation.url()),
                Sql.clean(navigation.title()),
                navigation.timestamp(),
                navigation.pageId(),
                navigation.documentId(),
                navigation.contentLoadedAt(),
                navigation.loadedAt());
    }
}
