package dev.berth.history;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.database.Database;
import dev.berth.database.Notifications;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.InitialPrompt.AiTask;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of sessions that wait for a place. A row waits as long as it has a number; the statement that takes the number away claims the
 * session for its node, or ends it. Thread-safe.
 */
public final class QueueRepository implements SessionQueue {
    private static final Logger log = LoggerFactory.getLogger(QueueRepository.class);
    private static final String CHANNEL = "berth_queue";
    /** The queue that all nodes of a cluster have in common. */
    private static final String CLUSTER = "cluster";

    private static final String PROMPT = "initialPrompt";
    private static final String SOURCE = "source";
    private static final String OPTIONS = "options";

    private final Database database;
    private final SessionClaims claims;
    private final SessionRepository sessions;
    private final Notifications notifications;
    private final String machineId;
    private final boolean clustered;
    private final NodeEpoch epoch;
    /**
     * This node's own rows, counted and written one after the other: inside the turn of their user, for which others must not wait. Rows
     * that are written and not committed yet are not counted: where users are counted, a few more may wait than may.
     */
    private final FairQueue<Long> turns = Database.ofUsers();

    /**
     * @param machineId this node
     * @param clustered whether the queue is that of a cluster; otherwise this node claims only what itself was asked for
     */
    public QueueRepository(
            Database database,
            SessionClaims claims,
            SessionRepository sessions,
            Notifications notifications,
            String machineId,
            boolean clustered,
            NodeEpoch epoch) {
        this.database = database;
        this.claims = claims;
        this.sessions = sessions;
        this.notifications = notifications;
        this.machineId = machineId;
        this.clustered = clustered;
        this.epoch = epoch;
    }

    /** Leaves out the session that is being written: an earlier try may have made its row. */
    private static final String COUNT = """
            select count(*) as own, count(*) filter (where user_id = $2) as of_user from sessions
            where machine_id = $1 and queue_number is not null and session_id <> $3
            """;

    private static final String ENQUEUE = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at,
                                  idempotency_key, request_hash, traceparent, key_id, queue_number, queue, queue_deadline,
                                  start_needs, ends_with_node, queued_task, queued_at, name)
            select $1::text, $2::bigint, $3::text, 'creating', $4::json, $5::jsonb, $6::timestamptz, $7::timestamptz, $8::text,
                $9::text, $10::text, $11::bigint, nextval('queue_numbers'), $14::text,
                clock_timestamp() + $15::bigint * interval '1 millisecond', $16::json, $17::boolean, $18::text, clock_timestamp(),
                $12::text
            where %s
            on conflict do nothing
            returning pg_notify('%s', 'waits ' || queue)
            """.formatted(NodeEpoch.isMine("$3", "$13"), CHANNEL);

    /**
     * The socket of a client that made a session by connecting waits on this node, and so does the task that a session is made for by
     * {@code execute}: with the node, they end.
     */
    @Override
    public Future<SessionAccepted> enqueue(
            CreateSession request,
            SessionAccepted accepted,
            ActionSource source,
            int rows,
            IntSupplier ofUser,
            long millis) {
        JsonObject needs = new JsonObject().put(SOURCE, source.wireName()).put(OPTIONS, Sql.json(request.options()));
        request.initialPrompt().ifPresent(prompt -> needs.put(PROMPT, prompt));
        boolean connects = source == ActionSource.CDP;
        Tuple row = SessionClaims.row(request, accepted)
                .addValue(epoch.orNull())
                .addValue(clustered && !connects ? CLUSTER : machineId)
                .addValue(millis)
                .addValue(needs)
                .addValue(connects || source == ActionSource.AI)
                .addValue(task(request));
        return claims.claim(
                request,
                accepted,
                statements -> turns.run(
                        0L,
                        () -> mayWait(statements, request, rows, ofUser)
                                .compose(may -> SessionClaims.insert(statements, ENQUEUE, row))));
    }

    /** The instruction of its AI task, or null. */
    private static String task(CreateSession request) {
        return request.initialPrompt().map(InitialPrompt::parse).orElse(null) instanceof AiTask task
                ? task.instruction()
                : null;
    }

    private Future<Void> mayWait(Statements statements, CreateSession request, int rows, IntSupplier ofUser) {
        return statements
                .rows(COUNT, machineId, request.userId(), request.sessionId())
                .map(counted -> counted.iterator().next())
                .compose(now -> {
                    if (now.getInteger("own") >= rows) {
                        return refuse(
                                ErrorCode.CAPACITY,
                                "all places of this node are taken, and " + now.getInteger("own")
                                        + " sessions are waiting for one");
                    }
                    return now.getInteger("of_user") >= ofUser.getAsInt()
                            ? refuse(
                                    ErrorCode.LIMIT_REACHED,
                                    "you have reached the maximum number of sessions for a user")
                            : Future.succeededFuture();
                });
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }

    /** The rows that this node may claim. */
    private static final String CLAIMABLE =
            "(machine_id = $1 or $2::boolean and queue = '" + CLUSTER + "') and queue_deadline > clock_timestamp()";

    private static final String LOOK = """
            select count(*) filter (where machine_id = $1) as own,
                count(*) filter (where %s) as claimable,
                count(*) filter (where queue_deadline <= clock_timestamp()) as late
            from sessions where queue_number is not null
            """.formatted(CLAIMABLE);

    @Override
    public Future<Waiting> look() {
        return database.first(
                        LOOK,
                        row -> new Waiting(
                                row.getInteger("own"), row.getInteger("claimable"), row.getInteger("late") > 0),
                        machineId,
                        clustered)
                .map(Optional::orElseThrow);
    }

    /** When it expires is by the clock of the node that lets it run from now on; how long it has waited, by Postgres's. */
    private static final String CLAIM = """
            with oldest as (
                select session_id, queue_number, start_needs from sessions
                where queue_number is not null and %s and %s
                order by queue_number limit $4 for no key update skip locked)
            update sessions s set machine_id = $1, claimed_at = clock_timestamp(),
                expires_at = date_trunc('milliseconds', $5::timestamptz + (expires_at - created_at) - (clock_timestamp() - queued_at)),
                queue_number = null, queue_deadline = null, start_needs = null
            from oldest where s.session_id = oldest.session_id
            returning s.session_id, s.user_id, s.status, s.machine_id, s.created_at, s.expires_at, s.metadata, s.traceparent, s.key_id, s.name,
                oldest.queue_number, oldest.start_needs, pg_notify('%s', 'claimed ' || s.session_id)
            """.formatted(CLAIMABLE, NodeEpoch.isMine("$1", "$3"), CHANNEL);

    @Override
    public Future<List<QueuedSession>> claim(int places) {
        return database.rows(CLAIM, machineId, clustered, epoch.orNull(), places, Instant.now())
                .map(QueueRepository::readable);
    }

    /**
     * Decodes claimed rows, oldest first, without sessions that this version can't read: the node does not hold those, so the next check
     * of its rows ends them.
     */
    private static List<QueuedSession> readable(RowSet<Row> rows) {
        List<QueuedSession> read = new ArrayList<>();
        rows.stream()
                .sorted(Comparator.comparing(row -> row.getLong("queue_number")))
                .forEach(row -> {
                    try {
                        read.add(claimed(row));
                    } catch (RuntimeException e) {
                        log.warn(
                                "{} can't start: this version of Berth can't read its options",
                                row.getString("session_id"),
                                e);
                    }
                });
        return read;
    }

    private static QueuedSession claimed(Row row) {
        JsonObject needs = (JsonObject) row.getJson("start_needs");
        SessionId id = new SessionId(row.getString("session_id"));
        return new QueuedSession(
                new CreateSession(
                        id,
                        row.getLong("user_id"),
                        Optional.ofNullable(needs.getString(PROMPT)),
                        Sql.parse(needs.getJsonObject(OPTIONS), new TypeReference<SessionOptions>() {}),
                        Sql.parse(row.getJsonObject("metadata"), new TypeReference<Map<String, String>>() {}),
                        Optional.empty(),
                        SessionRow.traceparent(row),
                        Optional.ofNullable(row.getLong("key_id")),
                        Sql.optional(row, "name")),
                new SessionAccepted(
                        id,
                        SessionRow.status(row),
                        row.getString("machine_id"),
                        Sql.instant(row, "created_at"),
                        Sql.instant(row, "expires_at")),
                ProtocolJson.constant(ActionSource.class, needs.getString(SOURCE)));
    }

    @Override
    public Future<Optional<Found>> find(SessionId id) {
        return sessions.findOwned(id);
    }

    private static final String WAITING =
            "select session_id from sessions where session_id = any($1::text[]) and queue_number is not null";

    @Override
    public Future<Set<SessionId>> waiting(Collection<SessionId> ids) {
        return database.list(WAITING, row -> new SessionId(row.getString("session_id")), Sql.texts(ids))
                .map(HashSet::new);
    }

    private static final String END_ONE = end("session_id = $1", "$2", "$3", "null");

    @Override
    public Future<Optional<Ended>> end(SessionId id, EndReason reason) {
        return end(END_ONE, Sql.tuple(id), reason).map(ended -> ended.stream().findFirst());
    }

    private static final String END_OWN = end("machine_id = $1 and queue = $1 and ends_with_node", "$2", "$3", "null");

    @Override
    public Future<List<Ended>> endOwn(EndReason reason) {
        return end(END_OWN, Sql.tuple(machineId), reason);
    }

    /** Ends late rows of all queues. A row that another transaction has locked must not keep the others waiting. */
    private static final String END_LATE = end("""
            session_id in (select session_id from sessions
                where queue_number is not null and queue_deadline <= clock_timestamp() for update skip locked)""", "$1", "$2", "'no place became free in time'");

    @Override
    public Future<List<Ended>> endLate() {
        return end(END_LATE, Sql.tuple(), EndReason.LAUNCH_FAILED);
    }

    /** A session that never ran was of no use, unless its client did not want it any more: its request may be repeated. */
    private static String end(String which, String status, String reason, String detail) {
        return """
            update sessions s set status = %s, end_reason = %s, end_detail = %s,
                ended_at = greatest(created_at, date_trunc('milliseconds', clock_timestamp())),
                queue_number = null, queue_deadline = null, start_needs = null,
                idempotency_key = case when %s = '%s' then idempotency_key end
            where %s and queue_number is not null
            returning session_id, user_id, status, end_reason, ended_at, bytes_in, bytes_out, blocked, pg_notify('%s', 'ended ' || session_id)
            """.formatted(status, reason, detail, reason, EndReason.CLIENT.wireName(), which, CHANNEL);
    }

    private Future<List<Ended>> end(String sql, Tuple which, EndReason reason) {
        String status = reason.terminalStatus(SessionStatus.CREATING).wireName();
        return database.rows(sql, which.addValue(status).addValue(reason.wireName()))
                .map(rows -> rows.stream().map(QueueRepository::ended).toList());
    }

    static Ended ended(Row row) {
        return new Ended(row.getLong("user_id"), SessionRow.ended(new SessionId(row.getString("session_id")), row));
    }

    @Override
    public void listen(News news) {
        notifications.listen(CHANNEL, told -> tell(news, told.split(" ")), news::waits);
    }

    private void tell(News news, String[] told) {
        if (told[0].equals("waits")) {
            if (told[1].equals(machineId) || clustered && told[1].equals(CLUSTER)) {
                news.waits();
            }
        } else {
            SessionId.parse(told[1]).ifPresent(news::left);
        }
    }
}
