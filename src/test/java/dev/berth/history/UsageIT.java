package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.KeyRepository;
import dev.berth.history.UsageRepository.Day;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user's sessions used, summed by a real Postgres. */
class UsageIT {
    private static final LocalDate FIRST = LocalDate.parse("2026-01-01");

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private static void session(String id, String user, String status, String from, String to, double usd)
            throws Exception {
        postgres.sql("""
                insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, started_at,
                    ended_at, expires_at, cost_usd, input_tokens, output_tokens)
                values ($1, (select user_id from users where name = $2), 'd0000001', $3, '{}', '{}', $4, $4, $5, now(), $6, 10, 1)
                """, Tuple.of(id, user, status, OffsetDateTime.parse(from), OffsetDateTime.parse(to), usd));
    }

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
        KeyRepository keys = new KeyRepository(postgres.database);
        await(keys.add("ann", "key-of-ann"));
        await(keys.add("bob", "key-of-bob"));
        session("s1", "ann", "completed", "2026-01-01T23:59:59Z", "2026-01-02T01:59:59Z", 0.5);
        session("s2", "ann", "failed", "2026-01-03T00:00:00Z", "2026-01-03T00:30:00Z", 0.25);
        session("s3", "ann", "completed", "2026-01-03T12:00:00+02:00", "2026-01-03T11:00:00Z", 0);
        session("s4", "bob", "completed", "2026-01-02T12:00:00Z", "2026-01-02T13:00:00Z", 9);
        postgres.sql("""
                insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, cost_usd, started_at, last_event)
                select 't1', user_id, 's1', 'd0000001', 'Buy tea', 'completed', 0.375, '2026-01-01T23:59:59Z', 1 from users where name = 'ann'
                """, Tuple.tuple());
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static List<Day> days(String user, int days) throws Exception {
        long id = await(postgres.database.number("select user_id from users where name = $1", user));
        return await(new UsageRepository(postgres.database).days(id, FIRST, FIRST.plusDays(days - 1)));
    }

    @Test
    void aSessionCountsOnTheDayOfItsCreationInUtc() throws Exception {
        assertThat(days("ann", 4))
                .containsExactly(
                        new Day("2026-01-01", 1, 0, 2, 0.125, 0.375, 10, 1, 0, 0, 0),
                        new Day("2026-01-02", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                        new Day("2026-01-03", 2, 1, 1.5, 0.25, 0, 20, 2, 0, 0, 0),
                        new Day("2026-01-04", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void othersSessionsAreTheirs() throws Exception {
        assertThat(days("bob", 2))
                .containsExactly(
                        new Day("2026-01-01", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                        new Day("2026-01-02", 1, 0, 1, 9, 0, 10, 1, 0, 0, 0));
    }
}
