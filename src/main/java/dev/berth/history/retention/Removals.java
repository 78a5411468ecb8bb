package dev.berth.history.retention;

import dev.berth.database.Database;
import dev.berth.history.Outbox;
import dev.berth.history.ProfileClaim;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/**
 * Removes ended sessions, or a part of what is kept of them, from Postgres. Their objects in the object store become {@link Garbage} in the
 * same transaction. Thread-safe.
 */
public final class Removals {
    /** A session of many actions and files takes longer than the usual timeout. */
    private static final String PATIENCE = "set local statement_timeout = '15s'";

    private final Database database;
    private final Outbox outbox;

    public Removals(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * The parts of a session that were removed.
     *
     * @param artifacts files, with their size in {@code bytes}
     * @param logParts objects of its logs
     * @param tasks AI tasks with their steps
     * @param objectKeys of files and logs: they are garbage now
     */
    public record RemovedSession(
            long actions,
            long navigations,
            long artifacts,
            long bytes,
            long logParts,
            long tasks,
            List<String> objectKeys) {
        public RemovedSession {
            objectKeys = List.copyOf(objectKeys);
        }
    }

    private static final String COUNT = """
            select ended_at is not null as over,
                (select count(*) from actions where session_id = $1) as actions,
                (select count(*) from navigations where session_id = $1) as navigations,
                (select count(*) from artifacts where session_id = $1) as artifacts,
                (select coalesce(sum(size_bytes), 0)::bigint from artifacts where session_id = $1) as bytes,
                (select count(*) from log_chunks where session_id = $1) as log_parts,
                (select count(*) from tasks where session_id = $1) as tasks,
                array(select object_key from artifacts where session_id = $1
                    union all select object_key from log_chunks where session_id = $1) as object_keys
            from sessions where session_id = $1 and user_id = $2 for update
            """;

    private static final String PURGE = """
            with of_tasks as (delete from tasks where session_id = $1 and user_id = $2)
            delete from sessions where session_id = $1
            """;

    /** Removes all that is kept of a session of this user, which must have ended; empty where there is no such session. */
    public Future<Optional<RemovedSession>> purge(SessionId id, long userId) {
        return outbox.caughtUp()
                .compose(told -> database.longTransaction(together -> together.rows(PATIENCE)
                        .compose(patient -> together.first(COUNT, Removals::removed, id, userId))
                        .compose(found -> found.isPresent()
                                ? together.rows(PURGE, id, userId).map(found)
                                : Future.succeededFuture(found))));
    }

    private static RemovedSession removed(Row row) {
        if (!row.getBoolean("over")) {
            throw new BerthException(ErrorCode.NOT_READY, "the session has not ended yet; try again in a moment");
        }
        return new RemovedSession(
                row.getLong("actions"),
                row.getLong("navigations"),
                row.getLong("artifacts"),
                row.getLong("bytes"),
                row.getLong("log_parts"),
                row.getLong("tasks"),
                List.of(row.getArrayOfStrings("object_keys")));
    }

    private static final String OF_FILES = """
            delete from artifacts a using due where a.session_id = due.session_id and a.type %s 'recording'
            returning a.session_id, a.size_bytes
            """;
    private static final String LESS_FILES = """
            greatest(0, s.stored_bytes - coalesce(
                (select sum(size_bytes) from gone where gone.session_id = s.session_id), 0)::bigint)
            """;
    private static final String ONLY_FILES = """
            least(s.stored_bytes, (select coalesce(sum(size_bytes), 0)::bigint from artifacts a where a.session_id = s.session_id))
            """;

    /** The kinds of things that retention removes, each after days of its own. */
    public enum Kind {
        RECORDINGS("recordingDays", "recordings_expired", OF_FILES.formatted("="), LESS_FILES),
        /** All files but recordings. */
        ARTIFACTS("artifactDays", "artifacts_expired", OF_FILES.formatted("<>"), LESS_FILES),
        LOGS(
                "logDays",
                "logs_expired",
                "delete from log_chunks c using due where c.session_id = due.session_id",
                ONLY_FILES),
        /** All that is kept of a session. */
        SESSIONS("days", "false", "delete from tasks t using due where t.session_id = due.session_id", "");

        private final String sql;

        /**
         * @param option of {@code options.retention}
         * @param expired whether it is removed already
         * @param storedBytes files and logs of a session that are left then
         */
        Kind(String option, String expired, String delete, String storedBytes) {
            String due = """
                    (select session_id from sessions where not %2$s
                        and ended_at < now() - make_interval(days => nullif($1::int, 0)) order by ended_at limit $2)
                    union
                    (select session_id from sessions where not %2$s and (options -> 'retention') is not null
                        and ended_at < now() - make_interval(days => (options #>> '{retention,%1$s}')::int) limit $2)
                    """.formatted(option, expired);
            String settle = expired.equals("false")
                    ? "delete from sessions s using due where s.session_id = due.session_id"
                    : "update sessions s set " + expired + " = true, stored_bytes = " + storedBytes
                            + " from due where s.session_id = due.session_id";
            sql = "with due as (" + due + "), gone as (" + delete + ") " + settle;
        }
    }

    private static final String ALONE = "select pg_try_advisory_xact_lock(hashtextextended('berth.retention', 0))";

    /**
     * Removes a kind of what is kept of some sessions that ended more than {@code days} ago, or longer ago than their options said. Gives
     * the number of sessions; 0 where another node removes at the moment.
     *
     * @param days 0 for ever
     * @param limit of sessions
     */
    public Future<Integer> expire(Kind kind, int days, int limit) {
        return database.longTransaction(together -> together.rows(PATIENCE)
                .compose(patient -> together.first(ALONE, row -> row.getBoolean(0)))
                .compose(alone ->
                        alone.orElse(false) ? together.update(kind.sql, days, limit) : Future.succeededFuture(0)));
    }

    private static final String UNUSED =
            "p.used_at < now() - make_interval(days => nullif($1::int, 0)) and not exists " + ProfileClaim.HOLDER;

    /** Asks again of the row that it deletes: a session may have begun with the profile since it was found. */
    private static final String EXPIRE_PROFILES = """
            delete from profiles p where %1$s
                and p.profile_id in (select p.profile_id from profiles p where %1$s limit $2)
            """.formatted(UNUSED);

    /** Removes profiles, with their versions, that no session has used for so many days. Gives how many. */
    public Future<Integer> expireProfiles(int days, int limit) {
        return database.update(EXPIRE_PROFILES, days, limit);
    }

    private static final String EXPIRE_TASKS = """
            delete from tasks where task_id in (
                select task_id from tasks t where completed_at < now() - make_interval(days => nullif($1::int, 0))
                    and not exists (select from sessions s where s.session_id = t.session_id) limit $2)
            """;

    /** Removes AI tasks that ended so many days ago and whose session never was, or is removed. Gives how many. */
    public Future<Integer> expireTasks(int days, int limit) {
        return database.update(EXPIRE_TASKS, days, limit);
    }
}
