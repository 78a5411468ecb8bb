package dev.berth.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The sessions of all users as admins see them: which there are and whose, and nothing of their content. Thread-safe. */
public final class AllSessions {
    private final Database database;
    private final Outbox outbox;

    public AllSessions(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * A session of some user.
     *
     * @param keyId of the API key that created the session; empty where no key did
     * @param keyName empty where the key is gone, too
     * @param machineId of the node that has the session, or had it
     */
    @JsonInclude(Include.NON_ABSENT)
    public record Listed(
            SessionId sessionId,
            String user,
            Optional<Long> keyId,
            Optional<String> keyName,
            SessionStatus status,
            Instant createdAt,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt,
            String machineId) {
        private static Listed of(Row row) {
            return new Listed(
                    new SessionId(row.getString("session_id")),
                    row.getString("user_name"),
                    Optional.ofNullable(row.getLong("key_id")),
                    Sql.optional(row, "key_name"),
                    SessionRow.status(row),
                    Sql.instant(row, "created_at"),
                    Sql.optionalInstant(row, "started_at"),
                    Sql.optionalInstant(row, "ended_at"),
                    row.getString("machine_id"));
        }
    }

    /**
     * The filter of the list.
     *
     * @param includeEnded whether to list sessions that are over, too; a terminal {@code status} implies it
     * @param user the name of the only user whose sessions are listed
     */
    public record Query(boolean includeEnded, Optional<SessionStatus> status, Optional<String> user) {
        private boolean liveOnly() {
            return status.map(each -> !each.terminal()).orElse(!includeEnded);
        }
    }

    /**
     * A part of the list.
     *
     * @param total the number of all matches
     */
    public record Page(List<Listed> sessions, long total) {}

    private static final String ROWS = """
            select session_id, users.name as user_name, s.key_id, api_keys.name as key_name, status, s.created_at, started_at, ended_at,
                machine_id
            """;
    private static final String FROM = """
             from sessions s join users using (user_id) left join api_keys on api_keys.key_id = s.key_id
            """;
    private static final String MATCHING = FROM + """
            where (ended_at is null or not $1) and ($2::text is null or status = $2) and ($3::text is null or users.name = $3)
            """;
    private static final String LIST = ROWS + MATCHING + " order by s.created_at desc, session_id limit $4 offset $5";
    private static final String COUNT = "select count(*)" + MATCHING;

    /** The sessions, newest first. */
    public Future<Page> list(Query query, int limit, long offset) {
        Optional<String> status = query.status().map(SessionStatus::wireName);
        return outbox.caughtUp()
                .compose(told ->
                        database.list(LIST, Listed::of, query.liveOnly(), status, query.user(), (long) limit, offset))
                .compose(found -> database.number(COUNT, query.liveOnly(), status, query.user())
                        .map(total -> new Page(found, total)));
    }

    private static final String LIVE_OF_USER = ROWS + FROM + "where ended_at is null and users.name = $1";

    /** The sessions of this user that run or wait. */
    public Future<List<Listed>> live(String user) {
        return outbox.caughtUp().compose(told -> database.list(LIVE_OF_USER, Listed::of, user));
    }

    private static final String LIVE_OF_KEY = ROWS + FROM + "where ended_at is null and s.key_id = $1";

    /** The sessions that this key created and that run or wait. The key itself may be gone. */
    public Future<List<Listed>> live(long keyId) {
        return outbox.caughtUp().compose(told -> database.list(LIVE_OF_KEY, Listed::of, keyId));
    }

    private static final String FIND = ROWS + FROM + "where session_id = $1";

    public Future<Optional<Listed>> find(SessionId id) {
        return outbox.caughtUp().compose(told -> database.first(FIND, Listed::of, id));
    }
}
