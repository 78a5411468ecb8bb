package dev.berth.history;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.history.Fact.SessionOver;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What sessions used: each of them, and a user's together. Thread-safe. */
public final class UsageRepository {
    private final Database database;

    public UsageRepository(Database database) {
        this.database = database;
    }

    private static final String ADD = """
            insert into session_usage (session_id, samples)
            select $1, $2 from sessions where session_id = $1 and machine_id = $3
            on conflict (session_id) do update set samples = excluded.samples
            """;

    /** Of a session that has ended. */
    static Future<Void> save(Statements statements, SessionOver over) {
        return over.usage().isEmpty()
                ? Future.succeededFuture()
                : statements
                        .rows(
                                ADD,
                                over.last().sessionId(),
                                Sql.text(over.usage()),
                                over.last().machineId())
                        .mapEmpty();
    }

    private static final TypeReference<List<UsageSample>> SAMPLES = new TypeReference<>() {};
    private static final String FIND = "select samples from session_usage where session_id = $1";

    /** The samples of an ended session, oldest first; none where it was too short for one. */
    public Future<List<UsageSample>> find(SessionId id) {
        return database.first(FIND, row -> Sql.parse(row.getString(0), SAMPLES), id)
                .map(samples -> samples.orElse(List.of()));
    }

    /**
     * What a user's sessions that were created on a day used, until now.
     *
     * @param date in UTC, as {@code 2026-01-02}
     * @param browserHours the time that their Chromes ran
     * @param browserUsd the price of that time; with what others than AI tasks spent on models
     * @param aiUsd what their AI tasks cost
     */
    public record Day(
            String date,
            long sessions,
            long failed,
            double browserHours,
            double browserUsd,
            double aiUsd,
            long inputTokens,
            long outputTokens) {
        private static Day without(LocalDate date) {
            return new Day(date.toString(), 0, 0, 0, 0, 0, 0, 0);
        }
    }

    private static final String DAYS = """
            with own as (
                select session_id, (created_at at time zone 'UTC')::date as day, status, cost_usd, input_tokens, output_tokens,
                    greatest(0, extract(epoch from coalesce(ended_at, now()) - started_at))::float8 / 3600 as hours
                from sessions where user_id = $1 and created_at >= $2),
            ai as (
                select session_id, sum(cost_usd) as usd from tasks
                where user_id = $1 and cost_usd > 0 and session_id in (select session_id from own) group by session_id)
            select day, count(*) as sessions, count(*) filter (where status = 'failed') as failed,
                coalesce(sum(hours), 0) as hours, sum(greatest(0, cost_usd - coalesce(usd, 0))) as browser_usd,
                coalesce(sum(usd), 0) as ai_usd, sum(input_tokens)::int8 as input_tokens, sum(output_tokens)::int8 as output_tokens
            from own left join ai using (session_id) group by day
            """;

    /** Each day from {@code first} to {@code last}, in order. */
    public Future<List<Day>> days(long userId, LocalDate first, LocalDate last) {
        return database.rows(DAYS, userId, first.atStartOfDay().atOffset(ZoneOffset.UTC))
                .map(rows -> {
                    Map<LocalDate, Day> used = new HashMap<>();
                    rows.forEach(row -> used.put(row.getLocalDate("day"), day(row)));
                    return first.datesUntil(last.plusDays(1))
                            .map(date -> used.getOrDefault(date, Day.without(date)))
                            .toList();
                });
    }

    private static Day day(Row row) {
        return new Day(
                row.getLocalDate("day").toString(),
                row.getLong("sessions"),
                row.getLong("failed"),
                rounded(row.getDouble("hours")),
                rounded(row.getDouble("browser_usd")),
                rounded(row.getDouble("ai_usd")),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"));
    }

    /** Sums of fractions have digits that mean nothing. */
    private static double rounded(double sum) {
        return Math.round(sum * 1e6) / 1e6;
    }
}
