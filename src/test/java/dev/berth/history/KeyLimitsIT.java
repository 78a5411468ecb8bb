package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.berth.fake.SampleTask;
import dev.berth.history.SessionRepository.TrafficLeft;
import dev.berth.history.UsageRepository.KeyDay;
import dev.berth.history.UsageRepository.KeyQuery;
import dev.berth.history.task.TaskRepository;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a key may use on all nodes together, and what is counted of it, by a real Postgres. */
class KeyLimitsIT {
    private static final Instant NOW = Instant.parse("2026-03-14T12:00:00Z");
    private static final AtomicLong KEYS = new AtomicLong();

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final SessionClaims claims = new SessionClaims(postgres.database, NodeEpoch.NONE);
    private final SessionRepository sessions = new SessionRepository(postgres.database, postgres.outbox);
    private final TaskRepository tasks = new TaskRepository(postgres.database, postgres.outbox, NodeEpoch.NONE);
    private final UsageRepository usage = new UsageRepository(postgres.database);
    private final LostSessions lost = new LostSessions(postgres.database, postgres.outbox, "da", 1, NodeEpoch.NONE);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    /** A new key of the one user. */
    private static long key(String limits) throws Exception {
        return await(postgres.database.first(
                        "insert into api_keys (key_hash, user_id, name, limits) values (sha256($1::text::bytea), 1, $1, $2::text::jsonb)"
                                + " returning key_id",
                        row -> row.getLong(0),
                        "key " + KEYS.incrementAndGet(),
                        limits))
                .orElseThrow();
    }

    private static CreateSession request(long key) {
        return CreateSession.ofDefaults().with(key);
    }

    private Future<SessionAccepted> claim(SessionClaims node, CreateSession request, Instant at) {
        return node.claim(
                request,
                new SessionAccepted(request.sessionId(), SessionStatus.CREATING, "da", at, at.plusSeconds(60)));
    }

    private SessionId claimed(long key, Instant at) throws Exception {
        return await(claim(claims, request(key), at)).sessionId();
    }

    private BerthException refusal(long key, Instant at) throws Exception {
        return refusal(claim(claims, request(key), at));
    }

    private static BerthException refusal(Future<?> claim) throws Exception {
        Throwable e = await(claim.transform(claimed -> Future.succeededFuture(claimed.cause())));
        return (BerthException) e;
    }

    private SessionDescription used(SessionId id, Traffic traffic, long stored, Optional<EndReason> end)
            throws Exception {
        SessionDescription row = await(sessions.find(id)).orElseThrow();
        return new SessionDescription(
                id,
                end.isPresent() ? SessionStatus.COMPLETED : SessionStatus.RUNNING,
                Optional.empty(),
                "",
                "",
                row.createdAt(),
                Optional.of(row.createdAt()),
                end.map(why -> row.createdAt().plusSeconds(3)),
                end,
                Optional.empty(),
                row.expiresAt(),
                "da",
                0,
                0,
                0,
                0,
                List.of(),
                row.options(),
                row.metadata(),
                Cost.NONE,
                Optional.empty(),
                Optional.empty(),
                traffic,
                stored,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ErrorCounts.NONE,
                List.of());
    }

    private Optional<TrafficLeft> save(SessionId id, long mib) throws Exception {
        return await(sessions.save(used(id, new Traffic(mib << 20, 0, 0), 0, Optional.empty())));
    }

    private void end(SessionId id, Traffic traffic, long stored) throws Exception {
        await(sessions.end(used(id, traffic, stored, Optional.of(EndReason.CLIENT)), Map.of(), List.of()));
    }

    private List<KeyDay> usageOf(long key) throws Exception {
        LocalDate day = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
        return await(
                usage.ofKeys(new KeyQuery(day, day.plusDays(1), Optional.of("somebody"), Optional.of(key), 10, 0)));
    }

    @Test
    void sessionsAtOnceAreCountedOnAllNodesTogether() throws Exception {
        long key = key("{\"sessions\": 3}");
        SessionClaims other = new SessionClaims(postgres.database, NodeEpoch.NONE);
        List<Future<SessionAccepted>> claims = IntStream.range(0, 12)
                .mapToObj(i -> claim(i % 2 == 0 ? this.claims : other, request(key), NOW))
                .toList();
        await(Future.join(claims).otherwiseEmpty());
        assertThat(claims.stream().filter(Future::succeeded)).hasSize(3);
        assertThat(refusal(key, NOW))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED))
                .hasMessage("limits.sessions: 3; 3 sessions of this key are running or waiting");
        claimed(key("{}"), NOW);
        end(
                claims.stream()
                        .filter(Future::succeeded)
                        .findFirst()
                        .orElseThrow()
                        .result()
                        .sessionId(),
                Traffic.NONE,
                0);
        claimed(key, NOW);
    }

    @Test
    void createsWithinAMinuteAreCounted() throws Exception {
        long key = key("{\"createsPerMinute\": 2}");
        claimed(key, NOW);
        claimed(key, NOW.plusSeconds(20));
        BerthException refused = refusal(key, NOW.plusSeconds(25));
        assertThat(refused).hasMessageStartingWith("limits.createsPerMinute: 2; ");
        assertThat(refused.retrySeconds()).isEqualTo(35);
        claimed(key, NOW.plusSeconds(60));
        assertThat(refusal(key, NOW.plusSeconds(79)).retrySeconds()).isEqualTo(1);
        claimed(key, NOW.plusSeconds(80));
    }

    @Test
    void trafficIsThatOfTheMonthOfLiveSessionsToo() throws Exception {
        long key = key("{\"trafficMibPerMonth\": 100}");
        SessionId first = claimed(key, NOW.minusSeconds(86_400L * 30));
        end(first, new Traffic(70L << 20, 5L << 20, 0), 0);
        SessionId ended = claimed(key, NOW);
        end(ended, new Traffic(20L << 20, 10L << 20, 0), 0);
        SessionId live = claimed(key, NOW);
        assertThat(save(live, 30)).contains(new TrafficLeft(40L << 20, 100));
        SessionId other = claimed(key, NOW);
        assertThat(save(other, 41)).contains(new TrafficLeft(-(1L << 20), 100));
        BerthException refused = refusal(key, NOW);
        assertThat(refused)
                .hasMessage(
                        "limits.trafficMibPerMonth: 100; this key's sessions have sent and received 101 MiB this month");
        assertThat(refused.retrySeconds()).isEqualTo((17L * 24 + 12) * 3_600);
        claimed(key, Instant.parse("2026-04-01T00:00:00Z"));
        assertThat(save(claimed(key("{}"), NOW), 1_000)).isEmpty();
    }

    @Test
    void whatIsStoredCountsUntilItIsRemoved() throws Exception {
        long key = key("{\"storedMib\": 10}");
        SessionId first = claimed(key, NOW);
        end(first, Traffic.NONE, 9L << 20);
        SessionId second = claimed(key, NOW);
        end(second, Traffic.NONE, 2L << 20);
        assertThat(refusal(key, NOW)).hasMessage("limits.storedMib: 10; 11 MiB are stored for this key's sessions");
        postgres.sql("update sessions set stored_bytes = $2 where session_id = $1", Tuple.of(second.value(), 1L << 20));
        assertThat(refusal(key, NOW)).hasMessageContaining("10 MiB are stored");
        postgres.sql("delete from sessions where session_id = $1", Tuple.of(first.value()));
        claimed(key, NOW);
        assertThat(usageOf(key)).singleElement().satisfies(day -> {
            assertThat(day.storedBytes()).isEqualTo(1L << 20);
            assertThat(day.sessions()).isEqualTo(3);
        });
    }

    @Test
    void anEndCountsOnceAndOutlivesItsSession() throws Exception {
        long key = key("{}");
        SessionId id = claimed(key, NOW);
        await(sessions.save(used(id, new Traffic(1, 2, 3), 4, Optional.empty())));
        assertThat(usageOf(key))
                .singleElement()
                .satisfies(day -> assertThat(day.bytesOut()).isEqualTo(2));
        assertThat(await(lost.failAll(Instant.EPOCH)))
                .filteredOn(ended -> ended.id().equals(id))
                .extracting(ended -> ended.event().traffic())
                .containsExactly(new Traffic(1, 2, 3));
        // Its node tells the true end, twice: the answer to the first time was lost.
        end(id, new Traffic(10, 20, 30), 40);
        end(id, new Traffic(10, 20, 30), 40);
        List<KeyDay> counted = usageOf(key);
        assertThat(counted)
                .containsExactly(new KeyDay(
                        "2026-03-14",
                        Optional.of(key),
                        "somebody",
                        counted.get(0).name(),
                        1,
                        3_000,
                        10,
                        20,
                        30,
                        0,
                        40));
        assertThat(counted.get(0).name().orElseThrow()).startsWith("key ");
        postgres.sql("delete from sessions where session_id = $1", Tuple.of(id.value()));
        postgres.sql("delete from api_keys where key_id = $1", Tuple.of(key));
        assertThat(usageOf(key)).singleElement().satisfies(day -> {
            assertThat(day.name()).isEqualTo(counted.get(0).name());
            assertThat(day.bytesIn()).isEqualTo(10);
            assertThat(day.storedBytes()).isZero();
        });
        assertThat(refusal(key, NOW).code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void whatWasCountedIsAddedUpInOneRowOfADay() throws Exception {
        long key = key("{}");
        SessionId first = claimed(key, NOW);
        end(first, new Traffic(1, 2, 3), 4);
        end(claimed(key, NOW), new Traffic(10, 20, 30), 40);
        end(claimed(key, NOW.plusSeconds(86_400)), new Traffic(5, 6, 7), 8);
        postgres.sql("delete from sessions where session_id = $1", Tuple.of(first.value()));
        List<KeyDay> counted = usageOf(key);
        String rows = "select count(*) from key_usage where key_id = $1";
        assertThat(await(postgres.database.number(rows, key))).isEqualTo(4);
        await(Future.join(usage.addUp(), usage.addUp()));
        assertThat(await(postgres.database.number(rows, key))).isEqualTo(2);
        assertThat(usageOf(key))
                .isEqualTo(counted)
                .first()
                .satisfies(day -> assertThat(day.storedBytes()).isEqualTo(8));
    }

    @Test
    void aUserIsRemovedWithItsUsage() throws Exception {
        postgres.sql("insert into users (name) values ('gone')", Tuple.tuple());
        postgres.sql("""
                insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, ended_at, expires_at,
                    stored_bytes)
                select 'session-gone', user_id, 'da', 'completed', '{}', '{}', now(), now(), now(), 5 from users where name = 'gone'
                """, Tuple.tuple());
        String counted = "select count(*) from all_usage where stored_bytes = 5";
        assertThat(await(postgres.database.number(counted))).isEqualTo(1);
        postgres.sql("""
                with gone as (select user_id from users where name = 'gone'),
                    removed as (delete from sessions using gone where sessions.user_id = gone.user_id)
                delete from users using gone where users.user_id = gone.user_id
                """, Tuple.tuple());
        assertThat(await(postgres.database.number(counted))).isZero();
    }

    private Future<TaskView> start(TaskId id, long key) {
        ExecuteTask task = new ExecuteTask(id, 1, SampleTask.SPEC, Optional.empty(), SampleTask.OPTIONS);
        return tasks.started(task.with(Optional.of(key)), view(id, TaskStatus.STARTING, 0), "da");
    }

    private static TaskView view(TaskId id, TaskStatus status, double usd) {
        return new TaskView(
                id,
                SessionId.random(),
                1,
                "x",
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                new Cost(usd, 1, 1),
                NOW,
                status.ended() ? Optional.of(NOW) : Optional.empty());
    }

    /** Each of these tasks may cost 1 USD. */
    @Test
    void tasksThatRunCountWithWhatTheyMayCost() throws Exception {
        long key = key("{\"aiUsdPerMonth\": 2.5}");
        List<TaskId> ids = IntStream.range(0, 6).mapToObj(i -> TaskId.random()).toList();
        List<Future<TaskView>> started = ids.stream().map(id -> start(id, key)).toList();
        await(Future.join(started).otherwiseEmpty());
        assertThat(started.stream().filter(Future::succeeded)).hasSize(2);
        assertThat(refusal(start(TaskId.random(), key)))
                .hasMessage(
                        "limits.aiUsdPerMonth: 2.5; this key's AI tasks have cost 2.0000 USD this month, with what 2 that run"
                                + " may cost, and this one may cost 1.0");
        for (int i = 0; i < ids.size(); i++) {
            if (started.get(i).succeeded()) {
                await(tasks.changed(view(ids.get(i), TaskStatus.COMPLETED, 0.25)));
            }
        }
        assertThat(usageOf(key))
                .singleElement()
                .satisfies(day -> assertThat(day.aiUsd()).isEqualTo(0.5, within(1e-9)));
        await(start(TaskId.random(), key));
        await(start(TaskId.random(), key));
        assertThat(refusal(start(TaskId.random(), key)).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
    }
}
