package dev.berth.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.Fact.SessionOver;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The usage of sessions: of each, and of a user's together. Thread-safe. */
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

    /** Saves the usage of a session that has ended. */
    public static Future<Void> save(Statements statements, SessionOver over) {
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
     * The usage, until now, of a user's sessions that were created on a day.
     *
     * @param date in UTC, as {@code 2026-01-02}
     * @param browserHours the time that their Chromes ran
     * @param browserUsd the price of that time; with what others than AI tasks spent on models
     * @param aiUsd the cost of AI tasks that were started on that day, in US dollars
     * @param bytesIn bytes that the Chromes received
     * @param blocked connections that were refused to them by a rule
     */
    public record Day(
            String date,
            long sessions,
            long failed,
            double browserHours,
            double browserUsd,
            double aiUsd,
            long inputTokens,
            long outputTokens,
            long bytesIn,
            long bytesOut,
            long blocked) {
        private static Day without(LocalDate date) {
            return new Day(date.toString(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
    }

    private static final String ADD_UP = """
            with added as (select distinct user_id, key_id, day from key_usage where not is_sum limit 1000),
            gone as (
                delete from key_usage u using added a
                where u.user_id = a.user_id and u.key_id = a.key_id and u.day = a.day returning u.*)
            insert into key_usage (user_id, key_id, day, name, sessions, failed, browser_millis, bytes_in, bytes_out, blocked, cost_usd,
                ai_usd, input_tokens, output_tokens, stored_bytes, is_sum)
            select user_id, key_id, day, coalesce((select k.name from api_keys k where k.key_id = g.key_id), max(name)), sum(sessions),
                sum(failed), sum(browser_millis), sum(bytes_in), sum(bytes_out), sum(blocked), sum(cost_usd), sum(ai_usd),
                sum(input_tokens), sum(output_tokens), sum(stored_bytes), true
            from gone g group by user_id, key_id, day
            """;

    /**
     * Makes one row of all that a key's sessions and tasks have added for a day; of a thousand days of keys at most. Nodes may do so at the
     * same time: each adds up the rows that it has deleted.
     */
    public Future<Void> addUp() {
        return database.rows(ADD_UP).mapEmpty();
    }

    private static final String DAYS = """
            select day, sum(sessions)::bigint as sessions, sum(failed)::bigint as failed, sum(browser_millis)::float8 / 3600000 as hours,
                greatest(0, sum(cost_usd) - sum(ai_usd)) as browser_usd, sum(ai_usd) as ai_usd,
                sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens,
                sum(bytes_in)::bigint as bytes_in, sum(bytes_out)::bigint as bytes_out, sum(blocked)::bigint as blocked
            from all_usage where user_id = $1 and day between $2 and $3 group by day
            """;

    /** Each day from {@code first} to {@code last}, in order. */
    public Future<List<Day>> days(long userId, LocalDate first, LocalDate last) {
        return database.rows(DAYS, userId, first, last).map(rows -> {
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
                row.getLong("output_tokens"),
                row.getLong("bytes_in"),
                row.getLong("bytes_out"),
                row.getLong("blocked"));
    }

    /**
     * The usage of a key's sessions and tasks that were created on a day.
     *
     * @param day in UTC, as {@code 2026-01-02}
     * @param keyId empty where it is not known
     * @param name of the key
     * @param storedBytes files and logs that are kept of these sessions now
     */
    @JsonInclude(Include.NON_ABSENT)
    public record KeyDay(
            String day,
            Optional<Long> keyId,
            String user,
            Optional<String> name,
            long sessions,
            long browserMillis,
            long bytesIn,
            long bytesOut,
            long blocked,
            double aiUsd,
            long storedBytes) {
        private static KeyDay of(Row row) {
            return new KeyDay(
                    row.getLocalDate("day").toString(),
                    Optional.of(row.getLong("key_id")).filter(key -> key != 0),
                    row.getString("user_name"),
                    Sql.optional(row, "key_name"),
                    row.getLong("sessions"),
                    row.getLong("browser_millis"),
                    row.getLong("bytes_in"),
                    row.getLong("bytes_out"),
                    row.getLong("blocked"),
                    rounded(row.getDouble("ai_usd")),
                    row.getLong("stored_bytes"));
        }
    }

    /**
     * A part of the usage of all keys.
     *
     * @param user only of this one, by its name
     */
    public record KeyQuery(
            LocalDate first, LocalDate last, Optional<String> user, Optional<Long> keyId, int limit, long offset) {}

    private static final String KEY_DAYS = """
            select day, u.key_id, users.name as user_name, coalesce(k.name, max(u.name)) as key_name, sum(sessions)::bigint as sessions,
                sum(browser_millis)::bigint as browser_millis, sum(bytes_in)::bigint as bytes_in, sum(bytes_out)::bigint as bytes_out,
                sum(blocked)::bigint as blocked, sum(ai_usd) as ai_usd, sum(stored_bytes)::bigint as stored_bytes
            from all_usage u join users using (user_id) left join api_keys k on k.key_id = u.key_id
            where day between $1 and $2 and ($3::text is null or users.name = $3) and ($4::bigint is null or u.key_id = $4)
            group by day, u.key_id, users.name, k.name
            order by day desc, users.name, u.key_id limit $5 offset $6
            """;

    /** The latest day first; only days and keys on which something was used. */
    public Future<List<KeyDay>> ofKeys(KeyQuery query) {
        return database.list(
                KEY_DAYS, KeyDay::of, query.first, query.last, query.user, query.keyId, query.limit, query.offset);
    }

    /** Sums of fractions have digits that mean nothing. */
    private static double rounded(double sum) {
        return Math.round(sum * 1e6) / 1e6;
    }
}
