package dev.berth.history;

import dev.berth.history.Fact.SessionOver;
import dev.berth.history.SessionHistory.Queue.Found;
import dev.berth.history.SessionHistory.TrafficLeft;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.Traceparent;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The rows of live and ended sessions. Thread-safe. */
public final class SessionRepository implements SessionHistory.Sessions {
    private final Database database;
    private final Outbox outbox;
    private final NodeEpoch epoch;
    private final int maxPerUser;
    private final int maxProfiles;
    private final FairQueue<Long> claims = Database.ofUsers();

    public SessionRepository(Database database, Outbox outbox, NodeEpoch epoch) {
        this(database, outbox, epoch, 0, Integer.MAX_VALUE);
    }

    /**
     * @param maxPerUser how many sessions a user may have on all nodes together, counted at each claim; 0 for any number
     * @param maxProfiles how many profiles a user may have
     */
    public SessionRepository(Database database, Outbox outbox, NodeEpoch epoch, int maxPerUser, int maxProfiles) {
        this.database = database;
        this.outbox = outbox;
        this.epoch = epoch;
        this.maxPerUser = maxPerUser;
        this.maxProfiles = maxProfiles;
    }

    private static final String CLAIM = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at,
                                  idempotency_key, request_hash, traceparent, key_id)
            select $1::text, $2::bigint, $3::text, 'creating', $4::json, $5::jsonb, $6::timestamptz, $7::timestamptz, $8::text,
                $9::text, $10::text, $11::bigint
            where %s
            on conflict do nothing
            """.formatted(NodeEpoch.isMine("$3", "$12"));

    @Override
    public Future<SessionAccepted> claim(CreateSession request, SessionAccepted accepted) {
        return claim(
                request,
                accepted,
                statements -> insert(statements, CLAIM, row(request, accepted).addValue(epoch.orNull())));
    }

    /** The first eleven parameters of each insert of a row. */
    static Tuple row(CreateSession request, SessionAccepted accepted) {
        Optional<CreateSession.Idempotency> idempotency = request.idempotency();
        return Sql.tuple(
                request.sessionId(),
                request.userId(),
                accepted.machineId(),
                Sql.json(request.options().redacted()),
                Sql.json(request.metadata()),
                accepted.createdAt(),
                accepted.expiresAt(),
                idempotency.map(CreateSession.Idempotency::key),
                idempotency.map(CreateSession.Idempotency::requestHash),
                request.traceparent().map(Traceparent::value),
                request.keyId());
    }

    /**
     * Like {@link #claim(CreateSession, SessionAccepted)}.
     *
     * @param insert gives whether it did
     */
    Future<SessionAccepted> claim(
            CreateSession request, SessionAccepted accepted, Function<Statements, Future<Boolean>> insert) {
        return KeyBounds.of(database, request.keyId())
                .map(found -> found.filter(KeyBounds::ofSessions))
                .compose(limits -> maxPerUser == 0
                                && limits.isEmpty()
                                && ProfileClaim.of(request).isEmpty()
                        ? insert.apply(database)
                        : claimInTurn(request, accepted, limits, insert))
                .compose(claimed -> claimed ? Future.succeededFuture(accepted) : findClaimed(request, accepted));
    }

    private Future<Boolean> claimInTurn(
            CreateSession request,
            SessionAccepted accepted,
            Optional<KeyLimits> limits,
            Function<Statements, Future<Boolean>> insert) {
        return claims.run(
                        request.userId(),
                        () -> database.transaction(together -> together.rows(KeyBounds.LOCK, request.userId())
                                .compose(alone ->
                                        maxPerUser == 0 ? Future.succeededFuture() : mayClaim(together, request))
                                .compose(may -> limits.map(key ->
                                                KeyBounds.requireSession(together, request, key, accepted.createdAt()))
                                        .orElseGet(Future::succeededFuture))
                                .compose(may -> insert.apply(together))
                                .compose(inserted -> inserted
                                        ? claimProfile(together, request).map(true)
                                        : Future.succeededFuture(false))))
                .recover(e -> repeats(request, e));
    }

    private Future<Void> claimProfile(Statements together, CreateSession request) {
        return ProfileClaim.of(request)
                .map(use -> ProfileClaim.claim(together, request, use, maxProfiles))
                .orElseGet(Future::succeededFuture);
    }

    /** Leaves out the session that is claimed: an earlier try may have made its row. */
    private static final String OPEN =
            "select count(*) from sessions where user_id = $1 and ended_at is null and session_id <> $2";

    private Future<Void> mayClaim(Statements together, CreateSession request) {
        return together.number(OPEN, request.userId(), request.sessionId())
                .compose(open -> open < maxPerUser
                        ? Future.succeededFuture()
                        : refuse(
                                ErrorCode.LIMIT_REACHED,
                                "you have " + maxPerUser + " sessions in the cluster, the maximum of a user"));
    }

    static Future<Boolean> insert(Statements statements, String sql, Tuple row) {
        return statements.rows(sql, row).map(result -> result.rowCount() == 1);
    }

    /** Who has as many sessions as allowed may still repeat the request for one of them. */
    private Future<Boolean> repeats(CreateSession request, Throwable e) {
        return findRepeated(request)
                .compose(earlier -> earlier.isPresent() ? Future.succeededFuture(false) : Future.failedFuture(e));
    }

    /**
     * A row that never waited counts as this request's only while this node has it and its Chrome is not up. A row that waited counts
     * whatever became of it.
     */
    private static final String IS_MINE = """
            select user_id = $3 and case when queue is null then machine_id = $2 and status = 'creating' and ended_at is null
                else created_at = $4 end
            from sessions where session_id = $1
            """;

    /** The session that conflicted with a claim: that of an earlier request, or of an earlier try of this one by this node. */
    private Future<SessionAccepted> findClaimed(CreateSession request, SessionAccepted mine) {
        return findRepeated(request)
                .compose(earlier -> earlier.filter(other -> !other.sessionId().equals(mine.sessionId()))
                        .map(Future::succeededFuture)
                        .orElseGet(() -> findTried(request, mine)));
    }

    private Future<SessionAccepted> findTried(CreateSession request, SessionAccepted mine) {
        return database.first(
                        IS_MINE,
                        row -> row.getBoolean(0),
                        request.sessionId(),
                        mine.machineId(),
                        request.userId(),
                        mine.createdAt())
                .compose(found -> found.<Future<SessionAccepted>>map(isMine -> isMine
                                ? Future.succeededFuture(mine)
                                : refuse(ErrorCode.CONFLICT, "a session with this id exists"))
                        .orElseGet(() -> refuse(
                                ErrorCode.UNAVAILABLE,
                                "the claim conflicted with one that was just taken back; try again")));
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }

    private static final String BY_IDEMPOTENCY_KEY = """
            select session_id, status, machine_id, created_at, started_at, ended_at, expires_at, request_hash from sessions
            where user_id = $1 and idempotency_key = $2
            """;

    @Override
    public Future<Optional<SessionAccepted>> findRepeated(CreateSession request) {
        if (request.idempotency().isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        CreateSession.Idempotency idempotency = request.idempotency().get();
        return database.first(
                BY_IDEMPOTENCY_KEY, row -> repeated(row, idempotency), request.userId(), idempotency.key());
    }

    private static SessionAccepted repeated(Row row, CreateSession.Idempotency idempotency) {
        if (!row.getString("request_hash").equals(idempotency.requestHash())) {
            throw new BerthException(
                    ErrorCode.CONFLICT,
                    "this Idempotency-Key was used before with another request; use a new one for a new request");
        }
        return new SessionAccepted(
                new SessionId(row.getString("session_id")),
                SessionRow.status(row),
                row.getString("machine_id"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "expires_at"));
    }

    /**
     * A session that ended before it ran, and not because of its client, was of no use: its request may be repeated. Others may have
     * given up a session whose node could not be heard; what the node itself tells of its end is true, and was told to clients.
     */
    private static final String SAVE = """
            update sessions set status = $2, end_reason = $3, end_detail = $4, current_url = $5, title = $6,
                started_at = coalesce($7, started_at), ended_at = $8, action_count = $9, screenshot_count = $10, navigation_count = $11,
                cost_usd = $12, input_tokens = $13, output_tokens = $14, bytes_in = $16, bytes_out = $17, blocked = $18,
                stored_bytes = $19, profile = coalesce($20, profile), idempotency_key = case
                    when $8::timestamptz is not null and $7::timestamptz is null and $3 <> 'client' then null
                    else idempotency_key end
            where session_id = $1 and machine_id = $15
                and (ended_at is null or end_reason = 'node_lost' and $8::timestamptz is not null)
            returning user_id, key_id, (
                select (k.limits ->> 'trafficMibPerMonth')::bigint from api_keys k where k.key_id = sessions.key_id) as traffic_mib
            """;

    @Override
    public Future<Optional<TrafficLeft>> save(SessionDescription session) {
        return update(database, session)
                .compose(updated -> updated.size() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : trafficLeft(session, updated.iterator().next()));
    }

    private Future<Optional<TrafficLeft>> trafficLeft(SessionDescription session, Row saved) {
        return Optional.ofNullable(saved.getLong("traffic_mib"))
                .map(limit -> KeyBounds.traffic(
                                database, saved.getLong("user_id"), saved.getLong("key_id"), session.createdAt())
                        .map(used -> Optional.of(new TrafficLeft((limit << 20) - used, limit))))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    @Override
    public Future<Void> end(SessionDescription last, Map<Long, NavigationEntry> navigations, List<UsageSample> usage) {
        return outbox.write(new SessionOver(last, navigations, usage));
    }

    static Future<RowSet<Row>> update(Statements statements, SessionDescription session) {
        return statements.rows(
                SAVE,
                session.sessionId(),
                session.status().wireName(),
                session.endReason().map(EndReason::wireName),
                session.endDetail().map(Sql::clean),
                Sql.clean(session.currentUrl()),
                Sql.clean(session.title()),
                session.startedAt(),
                session.endedAt(),
                session.actionCount(),
                session.screenshotCount(),
                session.navigationCount(),
                session.cost().usd(),
                session.cost().inputTokens(),
                session.cost().outputTokens(),
                session.machineId(),
                session.traffic().bytesIn(),
                session.traffic().bytesOut(),
                session.traffic().blocked(),
                session.storedBytes(),
                session.profile().map(Sql::json));
    }

    private static final String FIND = """
            select s.*, %s as queue_position, (
                select coalesce(json_agg(n order by n.seq), '[]'::json) from (
                    select seq, url, title, happened_at, page_id, document_id, content_loaded_at, loaded_at from navigations
                    where session_id = s.session_id order by seq desc limit %d) n) as navigations
            from sessions s where s.session_id = $1 and s.user_id = $2
            """.formatted(SessionRow.QUEUE_POSITION, SessionDescription.MAX_NAVIGATIONS);

    /** A session of this user, as last written. */
    public Future<Optional<SessionDescription>> find(SessionId id, long userId) {
        return find(FIND, id, userId).map(found -> found.map(Found::session));
    }

    private static final String FIND_OF_ANYBODY = FIND.replace(" and s.user_id = $2", "");

    /** A session of any user, as last written, for callers whose token is for this one session. */
    public Future<Optional<SessionDescription>> find(SessionId id) {
        return findOwned(id).map(found -> found.map(Found::session));
    }

    /** The same, with its user. */
    Future<Optional<Found>> findOwned(SessionId id) {
        return find(FIND_OF_ANYBODY, id);
    }

    private Future<Optional<Found>> find(String sql, Object... key) {
        return outbox.caughtUp().compose(told -> database.first(sql, SessionRepository::found, key));
    }

    private static Found found(Row row) {
        return new Found(row.getLong("user_id"), SessionRow.description(row));
    }
}
