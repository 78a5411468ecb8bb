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
            insert into navigations (session_id, seq, url, title, happened_at, page_id) values ($1, $2, $3, $4, $5, $6)
            on conflict (session_id, seq) do update set title = excluded.title
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
        return Tuple.of(
                id.value(),
                seq,
                SqlText.clean(navigation.url()),
                SqlText.clean(navigation.title()),
                SessionRepository.utc(navigation.timestamp()),
                navigation.pageId().orElse(null));
    }
}
