package dev.berth.history;

import static dev.berth.history.SessionRepository.utc;

import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The links to sessions that were made and not revoked. Thread-safe. */
public final class ShareLinkRepository {
    /** Of a session, those that have expired not counted. */
    public static final int MAX_OF_SESSION = 100;

    private final Pool pool;

    public ShareLinkRepository(Database database) {
        this.pool = database.pool();
    }

    private static final String LOCK = "select from sessions where session_id = $1 for no key update";

    private static final String ADD = """
            with expired as (delete from share_links where session_id = $2 and expires_at <= $5)
            insert into share_links (link_id, session_id, key_id, interactive, created_at, expires_at, whole)
            select $1, $2, $3, $4, $5, $6, $8
            where (select count(*) from share_links where session_id = $2 and expires_at > $5) < $7
            """;

    /**
     * Adds a link, unless its session has the most that it may have; gives whether it did. Two statements: the second one counts all
     * that was committed before the lock was given.
     */
    public Future<Boolean> add(ShareLink link) {
        Tuple row = Tuple.of(link.linkId(), link.sessionId().value(), link.keyId(), link.interactive())
                .addOffsetDateTime(utc(link.createdAt()))
                .addOffsetDateTime(utc(link.expiresAt()))
                .addInteger(MAX_OF_SESSION)
                .addBoolean(link.whole());
        return pool.withTransaction(connection -> connection
                        .preparedQuery(LOCK)
                        .execute(Tuple.of(link.sessionId().value()))
                        .compose(locked -> connection.preparedQuery(ADD).execute(row)))
                .map(added -> added.rowCount() == 1);
    }

    private static final String LIST = """
            select * from share_links where session_id = $1 and expires_at > $2 order by created_at, link_id
            """;

    /** The links of a session that are valid, oldest first. */
    public Future<List<ShareLink>> list(SessionId session, Instant now) {
        return pool.preparedQuery(LIST)
                .execute(Tuple.of(session.value(), utc(now)))
                .map(rows -> {
                    List<ShareLink> found = new ArrayList<>();
                    rows.forEach(row -> found.add(link(row)));
                    return found;
                });
    }

    /**
     * A link whose key exists.
     *
     * @param userId of the key
     */
    public record Found(ShareLink link, long userId) {}

    private static final String FIND_BY_ID = """
            select share_links.*, user_id from share_links join api_keys using (key_id) where link_id = $1
            """;

    private static final String FIND = FIND_BY_ID + " and session_id = $2";

    public Future<Optional<Found>> find(SessionId session, long linkId) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(linkId, session.value()))
                .map(ShareLinkRepository::first);
    }

    /** A link to whichever session. */
    public Future<Optional<Found>> find(long linkId) {
        return pool.preparedQuery(FIND_BY_ID).execute(Tuple.of(linkId)).map(ShareLinkRepository::first);
    }

    private static Optional<Found> first(RowSet<Row> rows) {
        return rows.stream()
                .map(row -> new Found(link(row), row.getLong("user_id")))
                .findFirst();
    }

    private static final String FIND_IDS = "select link_id from share_links where link_id = any($1)";

    /** The ids among these whose links still exist. */
    public Future<Set<Long>> findIds(Collection<Long> linkIds) {
        return pool.preparedQuery(FIND_IDS)
                .execute(Tuple.tuple().addArrayOfLong(linkIds.toArray(Long[]::new)))
                .map(rows -> {
                    Set<Long> found = new HashSet<>();
                    rows.forEach(row -> found.add(row.getLong(0)));
                    return found;
                });
    }

    private static final String REMOVE = "delete from share_links where link_id = $1 and session_id = $2";

    /** Revokes a link: all nodes hear of it. Gives whether there was one. */
    public Future<Boolean> remove(SessionId session, long linkId) {
        return pool.preparedQuery(REMOVE)
                .execute(Tuple.of(linkId, session.value()))
                .map(removed -> removed.rowCount() == 1);
    }

    private static ShareLink link(Row row) {
        return new ShareLink(
                row.getLong("link_id"),
                new SessionId(row.getString("session_id")),
                row.getLong("key_id"),
                row.getBoolean("interactive"),
                row.getBoolean("whole"),
                SessionRow.instant(row, "created_at"),
                SessionRow.instant(row, "expires_at"));
    }
}
