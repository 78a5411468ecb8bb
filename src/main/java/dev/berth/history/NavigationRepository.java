package dev.berth.history;

import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;

/** The navigations of sessions. Thread-safe. */
public final class NavigationRepository implements SessionHistory.Navigations {
    private final Pool pool;

    public NavigationRepository(Database database) {
        this.pool = database.pool();
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
    @Override
    public Future<Void> save(SessionId id, Map<Long, NavigationEntry> navigations) {
        return upsert(pool, id, navigations);
    }

    static Future<Void> upsert(SqlClient client, SessionId id, Map<Long, NavigationEntry> navigations) {
        if (navigations.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Tuple> rows = navigations.entrySet().stream()
                .map(entry -> row(id, entry.getKey(), entry.getValue()))
                .toList();
        return client.preparedQuery(SAVE).executeBatch(rows).mapEmpty();
    }

    private static Tuple row(SessionId id, long seq, NavigationEntry navigation) {
        return Tuple.tuple()
                .addString(id.value())
                .addLong(seq)
                .addString(SqlText.clean(navigation.url()))
                .addString(SqlText.clean(navigation.title()))
                .addOffsetDateTime(SessionRepository.utc(navigation.timestamp()))
                .addString(navigation.pageId().orElse(null))
                .addString(navigation.documentId().orElse(null))
                .addOffsetDateTime(
                        navigation.contentLoadedAt().map(SessionRepository::utc).orElse(null))
                .addOffsetDateTime(
                        navigation.loadedAt().map(SessionRepository::utc).orElse(null));
    }
}
