package dev.berth.access;

import dev.berth.database.Statements;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * The limits of API keys that hold for all nodes together. The usage of a key is read from Postgres at each claim, while no other claim of
 * its user is made: see {@link #LOCK}.
 */
public final class KeyBounds {
    private static final long MIB = 1 << 20;
    private static final long MINUTE = 60;

    private KeyBounds() {}

    /** Lets one claim of a user be made at a time. Statements after it see what claims on all nodes committed before. */
    public static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('berth.claims', $1))";

    private static final String LIMITS = "select limits from api_keys where key_id = $1";

    /** Empty where no key asks. Fails where the key is gone: nothing may be made with it any more. */
    public static Future<Optional<KeyLimits>> of(Statements statements, Optional<Long> keyId) {
        return keyId.map(key -> statements
                        .first(LIMITS, row -> KeyLimits.of(row.getJsonObject("limits")), key)
                        .compose(found -> found.isPresent()
                                ? Future.succeededFuture(found)
                                : Future.<Optional<KeyLimits>>failedFuture(
                                        new BerthException(ErrorCode.UNAUTHENTICATED, "the API key no longer exists"))))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    /** Whether a session has to be counted against these limits. */
    public static boolean ofSessions(KeyLimits limits) {
        return limits.sessions().isPresent()
                || limits.createsPerMinute().isPresent()
                || limits.storedMib().isPresent()
                || limits.trafficMibPerMonth().isPresent();
    }

    /** The use of a key, without the session $3 that is claimed now: an earlier try may have made its row. */
    private static final String USED = """
            select (select count(*) from sessions where user_id = $1 and key_id = $2 and ended_at is null and session_id <> $3) as open,
                (select created_at from sessions where key_id = $2 and session_id <> $3
                    order by created_at desc offset greatest(0, $6::bigint - 1) limit 1) as creation,
                coalesce(sum(bytes_in + bytes_out) filter (where day >= $4::date and day < $5::date), 0)::bigint as traffic,
                coalesce(sum(stored_bytes), 0)::bigint as stored,
                coalesce(sum(ai_bound_usd) filter (where day >= $4 and day < $5), 0) as usd,
                coalesce(sum(open_tasks), 0)::bigint as tasks
            from all_usage where user_id = $1 and key_id = $2
            """;

    private record Used(
            long open, long traffic, long stored, double usd, long tasks, Optional<OffsetDateTime> creation) {
        private static Used of(Row row) {
            return new Used(
                    row.getLong("open"),
                    row.getLong("traffic"),
                    row.getLong("stored"),
                    row.getDouble("usd"),
                    row.getLong("tasks"),
                    Optional.ofNullable(row.getOffsetDateTime("creation")));
        }
    }

    /** @param except the id of a session that does not count; empty where all do */
    private static Future<Used> used(
            Statements statements, long userId, long keyId, KeyLimits limits, String except, Instant at) {
        YearMonth month = month(at);
        return statements
                .first(
                        USED,
                        Used::of,
                        userId,
                        keyId,
                        except,
                        month.atDay(1),
                        month.plusMonths(1).atDay(1),
                        limits.createsPerMinute().orElse(1))
                .map(Optional::orElseThrow);
    }

    /** Fails where the key may not have one session more. To be called with the {@link #LOCK}. */
    public static Future<Void> requireSession(
            Statements together, CreateSession request, KeyLimits limits, Instant at) {
        return used(
                        together,
                        request.userId(),
                        request.keyId().orElseThrow(),
                        limits,
                        request.sessionId().value(),
                        at)
                .compose(used -> refusal(limits, used, at)
                        .<Future<Void>>map(Future::failedFuture)
                        .orElseGet(Future::succeededFuture));
    }

    private static Optional<BerthException> refusal(KeyLimits limits, Used used, Instant at) {
        if (reached(limits.sessions(), used.open)) {
            return refuse(
                    "sessions", limits.sessions().get(), used.open + " sessions of this key are running or waiting", 1);
        }
        long recent = used.creation
                .map(oldest -> MINUTE - Duration.between(oldest.toInstant(), at).toSeconds())
                .orElse(0L);
        if (limits.createsPerMinute().filter(most -> most == 0 || recent > 0).isPresent()) {
            return refuse(
                    "createsPerMinute",
                    limits.createsPerMinute().get(),
                    "this key created that many sessions within a minute",
                    limits.createsPerMinute().get() == 0 ? MINUTE : Math.min(MINUTE, recent));
        }
        if (reached(limits.trafficMibPerMonth(), used.traffic / MIB)) {
            return refuse(
                    "trafficMibPerMonth",
                    limits.trafficMibPerMonth().get(),
                    "this key's sessions have sent and received " + used.traffic / MIB + " MiB this month",
                    untilNextMonth(at));
        }
        return reached(limits.storedMib(), used.stored / MIB)
                ? refuse(
                        "storedMib",
                        limits.storedMib().get(),
                        used.stored / MIB + " MiB are stored for this key's sessions",
                        MINUTE)
                : Optional.empty();
    }

    private static boolean reached(Optional<? extends Number> limit, long used) {
        return limit.filter(most -> used >= most.longValue()).isPresent();
    }

    private static Optional<BerthException> refuse(String limit, Number most, String standing, long retrySeconds) {
        return Optional.of(new BerthException(
                ErrorCode.LIMIT_REACHED, "limits." + limit + ": " + most + "; " + standing, "", retrySeconds));
    }

    private static long untilNextMonth(Instant at) {
        OffsetDateTime next = month(at).plusMonths(1).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
        return Math.max(1, Duration.between(at, next.toInstant()).toSeconds());
    }

    /** Fails where the key may not spend what the task may cost. To be called with the {@link #LOCK}. */
    public static Future<Void> requireCost(Statements together, ExecuteTask request, KeyLimits limits, Instant at) {
        double most = limits.aiUsdPerMonth().orElse(Double.MAX_VALUE);
        double cost = request.spec().limits().maxCostUsd();
        return used(together, request.userId(), request.keyId().orElseThrow(), limits, "", at)
                .compose(used -> used.usd + cost <= most && most > 0
                        ? Future.succeededFuture()
                        : Future.failedFuture(new BerthException(
                                ErrorCode.LIMIT_REACHED,
                                String.format(
                                        Locale.ROOT,
                                        "limits.aiUsdPerMonth: %s; this key's AI tasks have cost %.4f USD this month, with what %d that"
                                                + " run may cost, and this one may cost %s",
                                        most,
                                        used.usd,
                                        used.tasks,
                                        cost),
                                "give a smaller maxCostUsd, or try again when tasks have ended or in the next month",
                                used.tasks > 0 ? MINUTE : untilNextMonth(at))));
    }

    private static final String TRAFFIC = """
            select coalesce(sum(bytes_in + bytes_out), 0)::bigint from all_usage
            where user_id = $1 and key_id = $2 and day >= $3 and day < $4
            """;

    /** How many bytes the key's sessions that were created in the month of {@code at} have sent and received. */
    public static Future<Long> traffic(Statements statements, long userId, long keyId, Instant at) {
        YearMonth month = month(at);
        return statements.number(
                TRAFFIC, userId, keyId, month.atDay(1), month.plusMonths(1).atDay(1));
    }

    private static YearMonth month(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }
}
