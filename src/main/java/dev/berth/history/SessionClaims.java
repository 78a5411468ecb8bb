package dev.berth.history;

import dev.berth.access.KeyBounds;
import dev.berth.access.KeyLimits;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.Traceparent;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Function;

/** Inserts the rows of new sessions, within the limits of their user and API key. Thread-safe. */
public class SessionClaims {
    private final Database database;
    private final NodeEpoch epoch;
    private final int maxPerUser;
    private final int maxProfiles;
    private final FairQueue<Long> claims = Database.ofUsers();

    public SessionClaims(Database database, NodeEpoch epoch) {
        this(database, epoch, 0, Integer.MAX_VALUE);
    }

    /**
     * @param maxPerUser how many sessions a user may have on all nodes together, counted at each claim; 0 for any number
     * @param maxProfiles how many profiles a user may have
     */
    public SessionClaims(Database database, NodeEpoch epoch, int maxPerUser, int maxProfiles) {
        this.database = database;
        this.epoch = epoch;
        this.maxPerUser = maxPerUser;
        this.maxProfiles = maxProfiles;
    }

    private static final String CLAIM = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at,
                                  idempotency_key, request_hash, traceparent, key_id, name)
            select $1::text, $2::bigint, $3::text, 'creating', $4::json, $5::jsonb, $6::timestamptz, $7::timestamptz, $8::text,
                $9::text, $10::text, $11::bigint, $12::text
            where %s
            on conflict do nothing
            """.formatted(NodeEpoch.isMine("$3", "$13"));

    /**
     * Claims a session for this node, before its Chrome starts. Gives the earlier session if its idempotency key was used before with
     * the same request; fails with {@code CONFLICT} if that was another request, or if the id is that of another session, or of one
     * that another node claimed. Idempotent: a claim of this node whose answer was lost is found.
     */
    public Future<SessionAccepted> claim(CreateSession request, SessionAccepted accepted) {
        return claim(
                request,
                accepted,
                statements -> insert(statements, CLAIM, row(request, accepted).addValue(epoch.orNull())));
    }

    /** The first twelve parameters of each insert of a row. */
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
                request.keyId(),
                request.name());
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
                                "you have " + maxPerUser + " sessions in the cluster, the maximum for a user"));
    }

    static Future<Boolean> insert(Statements statements, String sql, Tuple row) {
        return statements.rows(sql, row).map(result -> result.rowCount() == 1);
    }

    /** Whether the request repeats an earlier one: a user who has as many sessions as allowed may still do that. */
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
                                : refuse(ErrorCode.CONFLICT, "a session with this id already exists"))
                        .orElseGet(() -> refuse(
                                ErrorCode.UNAVAILABLE,
                                "the session conflicted with another that was just withdrawn; try again")));
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }

    private static final String BY_IDEMPOTENCY_KEY = """
            select session_id, status, machine_id, created_at, started_at, ended_at, expires_at, request_hash from sessions
            where user_id = $1 and idempotency_key = $2
            """;

    /** The session of an earlier request with the same idempotency key; fails with {@code CONFLICT} if that was another request. */
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
}
