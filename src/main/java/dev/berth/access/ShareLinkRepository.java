package dev.berth.access;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The links to sessions that were made and not revoked. Thread-safe. */
public final class ShareLinkRepository {
    /** Limit for a session's links; expired ones don't count. */
    public static final int MAX_OF_SESSION = 100;

    private final Database database;

    public ShareLinkRepository(Database database) {
        this.database = database;
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
        return database.transaction(together -> together.rows(LOCK, link.sessionId())
                        .compose(locked -> together.update(
                                ADD,
                                link.linkId(),
                                link.sessionId(),
                                link.keyId(),
                                link.interactive(),
                                link.createdAt(),
                                link.expiresAt(),
                                MAX_OF_SESSION,
                                link.whole())))
                .map(added -> added == 1);
    }

    private static final String LIST = """
            select * from share_links where session_id = $1 and expires_at > $2 order by created_at, link_id
            """;

    /** The links of a session that are valid, oldest first. */
    public Future<List<ShareLink>> list(SessionId session, Instant now) {
        return database.list(LIST, ShareLinkRepository::link, session, now);
    }

    /**
     * A link whose key exists.
     *
     * @param userId of the key
     */
    public record Found(ShareLink link, long userId) {}

    private static final String FIND = """
            select share_links.*, user_id from share_links join api_keys using (key_id) where link_id = $1
            """;

    public Future<Optional<Found>> find(SessionId session, long linkId) {
        return find(linkId)
                .map(found -> found.filter(one -> one.link().sessionId().equals(session)));
    }

    /** A link to whichever session. */
    public Future<Optional<Found>> find(long linkId) {
        return database.first(FIND, row -> new Found(link(row), row.getLong("user_id")), linkId);
    }

    private static final String FIND_IDS = "select link_id from share_links where link_id = any($1)";

    /** The ids among these whose links still exist. */
    public Future<Set<Long>> findIds(Collection<Long> linkIds) {
        return database.list(FIND_IDS, row -> row.getLong(0), Sql.longs(linkIds))
                .map(HashSet::new);
    }

    private static final String REMOVE = "delete from share_links where link_id = $1 and session_id = $2";

    /** Revokes a link: all nodes hear of it. Gives whether there was one. */
    public Future<Boolean> remove(SessionId session, long linkId) {
        return database.update(REMOVE, linkId, session).map(removed -> removed == 1);
    }

    private static ShareLink link(Row row) {
        return new ShareLink(
                row.getLong("link_id"),
                new SessionId(row.getString("session_id")),
                row.getLong("key_id"),
                row.getBoolean("interactive"),
                row.getBoolean("whole"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "expires_at"));
    }
}
