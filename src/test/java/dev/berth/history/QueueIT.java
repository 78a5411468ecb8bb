package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.database.Notifications;
import dev.berth.history.SessionQueue.Ended;
import dev.berth.history.SessionQueue.QueuedSession;
import dev.berth.history.SessionQueue.Waiting;
import dev.berth.history.task.TaskRepository;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.CreateSession.Idempotency;
import dev.berth.protocol.HttpCredentials;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Rows of sessions that wait, on a real Postgres: of the nodes {@code da} and {@code db} of a cluster, and of {@code dc} alone. */
@ResourceLock("queue")
class QueueIT {
    private static final int MANY = 100;
    private static final long MILLIS = 60_000;

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;
    private static Notifications notifications;

    private final SessionClaims claims = new SessionClaims(postgres.database, NodeEpoch.NONE);
    private final SessionRepository sessions = new SessionRepository(postgres.database, postgres.outbox);
    private final NodeEpoch epoch = new NodeEpoch();
    private final QueueRepository a = queue("da", true, NodeEpoch.NONE);
    private final QueueRepository b = queue("db", true, epoch);
    private final QueueRepository alone = queue("dc", false, NodeEpoch.NONE);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
        notifications = new Notifications(postgres.vertx, postgres.database);
        await(notifications.start());
    }

    @AfterAll
    static void stop() throws Exception {
        await(notifications.close());
        postgres.close();
    }

    @BeforeEach
    void empty() throws Exception {
        postgres.sql("delete from sessions", Tuple.tuple());
        postgres.sql("delete from nodes", Tuple.tuple());
    }

    private QueueRepository queue(String machineId, boolean clustered, NodeEpoch of) {
        return new QueueRepository(postgres.database, claims, sessions, notifications, machineId, clustered, of);
    }

    private static SessionAccepted accepted(CreateSession request, String node) {
        Instant created = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new SessionAccepted(
                request.sessionId(), SessionStatus.CREATING, node, created, created.plusSeconds(600));
    }

    private static SessionId waits(QueueRepository queue, String node, CreateSession request) throws Exception {
        return await(queue.enqueue(request, accepted(request, node), ActionSource.REST, MANY, () -> MANY, MILLIS))
                .sessionId();
    }

    private static SessionId waits(QueueRepository queue, String node) throws Exception {
        return waits(queue, node, CreateSession.ofDefaults());
    }

    private SessionDescription row(SessionId id) throws Exception {
        return await(sessions.find(id)).orElseThrow();
    }

    private static List<SessionId> ids(List<QueuedSession> claimed) {
        return claimed.stream().map(QueuedSession::id).toList();
    }

    @Test
    void theOldestOfTheClusterIsClaimedFirstByWhicheverNode() throws Exception {
        SessionId first = waits(a, "da");
        SessionId second = waits(b, "db");
        SessionId third = waits(a, "da");
        assertThat(row(third).queuePosition()).contains(3);
        assertThat(row(third).machineId()).isEqualTo("da");
        assertThat(await(b.look())).isEqualTo(new Waiting(1, 3, false));
        assertThat(ids(await(b.claim(2)))).containsExactly(first, second);
        assertThat(row(first).machineId()).isEqualTo("db");
        assertThat(row(first).queuePosition()).isEmpty();
        assertThat(row(third).queuePosition()).contains(1);
        assertThat(ids(await(a.claim(2)))).containsExactly(third);
    }

    @Test
    void aRowThatAnotherNodeIsClaimingIsSkipped() throws Exception {
        SessionId first = waits(a, "da");
        SessionId second = waits(a, "da");
        SqlConnection claiming = await(postgres.database.pool().getConnection());
        Transaction claim = await(claiming.begin());
        await(claiming.preparedQuery("select from sessions where session_id = $1 for update")
                .execute(Tuple.of(first.value())));
        assertThat(ids(await(b.claim(1)))).containsExactly(second);
        await(claim.rollback());
        await(claiming.close());
        assertThat(ids(await(b.claim(1)))).containsExactly(first);
    }

    @Test
    void aBerthOutsideAClusterClaimsItsOwnAndItsOwnAreNobodyElses() throws Exception {
        SessionId clusters = waits(a, "da");
        SessionId own = waits(alone, "dc");
        assertThat(row(own).queuePosition()).contains(1);
        assertThat(await(alone.look())).isEqualTo(new Waiting(1, 1, false));
        assertThat(ids(await(a.claim(MANY)))).containsExactly(clusters);
        assertThat(ids(await(alone.claim(MANY)))).containsExactly(own);
    }

    @Test
    void whoConnectsWaitsForThePlaceOfItsOwnNode() throws Exception {
        CreateSession connects = CreateSession.ofDefaults();
        SessionId before = waits(b, "db");
        await(a.enqueue(connects, accepted(connects, "da"), ActionSource.CDP, MANY, () -> MANY, MILLIS));
        assertThat(row(connects.sessionId()).queuePosition()).contains(2);
        assertThat(ids(await(b.claim(MANY)))).containsExactly(before);
        QueuedSession claimed = await(a.claim(MANY)).get(0);
        assertThat(claimed.id()).isEqualTo(connects.sessionId());
        assertThat(claimed.source()).isEqualTo(ActionSource.CDP);
    }

    @Test
    void whatItsStartNeedsAndItsSecretsLeaveTheRowAtTheClaim() throws Exception {
        SessionOptions secret = SessionOptions.builder()
                .headers(Map.of("Authorization", "hush"))
                .httpCredentials(List.of(new HttpCredentials("https://a.b", "somebody", "hush")))
                .build();
        CreateSession request = CreateSession.ofDefaults()
                .with(secret)
                .labelled(Map.of("k", "v"))
                .opening("https://example.com/");
        SessionId id = waits(a, "da", request);
        assertThat(row(id).options()).isEqualTo(secret.redacted());
        QueuedSession claimed = await(b.claim(1)).get(0);
        assertThat(claimed.request().options()).isEqualTo(request.options());
        assertThat(claimed.request().initialPrompt()).isEqualTo(request.initialPrompt());
        assertThat(claimed.request().metadata()).isEqualTo(request.metadata());
        assertThat(claimed.accepted().createdAt()).isEqualTo(row(id).createdAt());
        assertThatNoRowHas("hush");
    }

    private void assertThatNoRowHas(String secret) throws Exception {
        assertThat(await(
                        postgres.database.update("select from sessions s where s::text like '%' || $1 || '%'", secret)))
                .isZero();
    }

    @Test
    void oneThatEndsWhileItWaitsIsClaimedByNobody() throws Exception {
        SessionId id = waits(a, "da", CreateSession.ofDefaults().opening("https://hush.example"));
        Ended ended = await(b.end(id, EndReason.CLIENT)).orElseThrow();
        assertThat(ended.event().status()).isEqualTo(SessionStatus.CANCELLED);
        assertThat(ended.event().reason()).isEqualTo(EndReason.CLIENT);
        assertThat(row(id).endedAt()).contains(ended.event().timestamp());
        assertThat(ids(await(a.claim(1)))).isEmpty();
        assertThat(await(a.end(id, EndReason.CLIENT))).isEmpty();
        assertThatNoRowHas("hush");
    }

    @Test
    void oneThatCantBeReadKeepsNoOtherWaiting() throws Exception {
        SessionId broken = waits(a, "da");
        SessionId other = waits(a, "da");
        postgres.sql(
                "update sessions set start_needs = '{\"source\": \"of a newer version\"}' where session_id = $1",
                Tuple.of(broken.value()));
        assertThat(ids(await(b.claim(2)))).containsExactly(other);
        assertThat(row(broken).queuePosition()).isEmpty();
    }

    @Test
    void aNodeEndsThoseThatOnlyItCouldBegin() throws Exception {
        waits(a, "da");
        CreateSession connects = CreateSession.ofDefaults();
        await(a.enqueue(connects, accepted(connects, "da"), ActionSource.CDP, MANY, () -> MANY, MILLIS));
        assertThat(await(b.endOwn(EndReason.NODE_DRAINED))).isEmpty();
        assertThat(await(a.endOwn(EndReason.NODE_DRAINED)))
                .extracting(Ended::id)
                .containsExactly(connects.sessionId());
        assertThat(await(b.look()).claimable()).isEqualTo(1);
    }

    /** The clock of the node that was asked is an hour late. */
    @Test
    void itLivesAsLongAsItWasAskedForByTheClockOfTheNodeThatClaimsIt() throws Exception {
        CreateSession request = CreateSession.ofDefaults();
        Instant created = Instant.now().minusSeconds(3_600);
        await(a.enqueue(
                request,
                new SessionAccepted(
                        request.sessionId(), SessionStatus.CREATING, "da", created, created.plusSeconds(600)),
                ActionSource.REST,
                MANY,
                () -> MANY,
                MILLIS));
        postgres.sql("update sessions set queued_at = queued_at - interval '30 seconds'", Tuple.tuple());
        Instant before = Instant.now();
        Instant expires = await(b.claim(1)).get(0).accepted().expiresAt();
        assertThat(expires).isBetween(before.plusSeconds(500), before.plusSeconds(571));
        assertThat(row(request.sessionId()).expiresAt()).isEqualTo(expires);
    }

    /** Both want the row; one has it. */
    @Test
    void oneThatIsClaimedCantBeEndedAsIfItWaited() throws Exception {
        for (int i = 0; i < 20; i++) {
            SessionId id = waits(a, "da");
            Future<List<QueuedSession>> claimed = b.claim(1);
            Future<Optional<Ended>> ended = a.end(id, EndReason.CLIENT);
            assertThat(ids(await(claimed)).size() + (await(ended).isPresent() ? 1 : 0))
                    .isEqualTo(1);
        }
    }

    @Test
    void oneThatIsLateAndLockedDoesNotKeepTheOthers() throws Exception {
        SessionId locked = late("one");
        SessionId other = late("other");
        // Postgres can't look into a document with NUL, whichever field has it.
        postgres.sql(
                "update sessions set start_needs = '{\"options\": \"\\u0000\", \"queueMillis\": 1}'", Tuple.tuple());
        SqlConnection holds = await(postgres.database.pool().getConnection());
        Transaction lock = await(holds.begin());
        await(holds.preparedQuery("select from sessions where session_id = $1 for update")
                .execute(Tuple.of(locked.value())));
        assertThat(await(b.endLate())).extracting(Ended::id).containsExactly(other);
        await(lock.rollback());
        await(holds.close());
        assertThat(await(alone.endLate())).extracting(Ended::id).containsExactly(locked);
    }

    private SessionId late(String task) throws Exception {
        CreateSession request = CreateSession.ofDefaults().opening(task);
        await(a.enqueue(request, accepted(request, "da"), ActionSource.REST, MANY, () -> MANY, MILLIS));
        postgres.sql(
                "update sessions set queue_deadline = clock_timestamp() where session_id = $1",
                Tuple.of(request.sessionId().value()));
        return request.sessionId();
    }

    @Test
    void oneThatHasWaitedTooLongIsEndedByWhicheverNode() throws Exception {
        CreateSession request = CreateSession.ofDefaults();
        await(a.enqueue(request, accepted(request, "da"), ActionSource.REST, MANY, () -> MANY, 1));
        SessionId other = waits(a, "da");
        Waiting seen = await(b.look());
        while (!seen.late()) {
            seen = await(b.look());
        }
        assertThat(seen).isEqualTo(new Waiting(0, 1, true));
        assertThat(await(alone.look())).isEqualTo(new Waiting(0, 0, true));
        assertThat(await(b.endLate())).extracting(Ended::id).containsExactly(request.sessionId());
        SessionDescription late = row(request.sessionId());
        assertThat(late.status()).isEqualTo(SessionStatus.FAILED);
        assertThat(late.endReason()).contains(EndReason.LAUNCH_FAILED);
        assertThat(late.endDetail()).contains("no place became free in time");
        assertThat(ids(await(b.claim(MANY)))).containsExactly(other);
    }

    @Test
    void aNodesOwnRowsAndThoseOfAUserAreCounted() throws Exception {
        waits(a, "da");
        CreateSession next = CreateSession.ofDefaults();
        SessionAccepted mine = accepted(next, "da");
        assertThatThrownBy(() -> await(a.enqueue(next, mine, ActionSource.REST, 1, () -> MANY, MILLIS)))
                .hasMessageContaining("1 sessions are waiting for one");
        assertThatThrownBy(() -> await(a.enqueue(next, mine, ActionSource.REST, MANY, () -> 1, MILLIS)))
                .hasMessageContaining("maximum");
        // Those of another node are that one's.
        assertThat(await(b.enqueue(next, accepted(next, "db"), ActionSource.REST, 1, () -> 1, MILLIS))
                        .sessionId())
                .isEqualTo(next.sessionId());
    }

    @Test
    void aTryWhoseAnswerWasLostIsFound() throws Exception {
        CreateSession request = CreateSession.ofDefaults();
        SessionAccepted mine = accepted(request, "da");
        for (int i = 0; i < 2; i++) {
            assertThat(await(a.enqueue(request, mine, ActionSource.REST, 1, () -> 1, MILLIS)))
                    .isEqualTo(mine);
        }
        await(b.claim(1));
        assertThat(await(a.enqueue(request, mine, ActionSource.REST, 1, () -> 1, MILLIS)))
                .isEqualTo(mine);
        SessionAccepted others = new SessionAccepted(
                mine.sessionId(), mine.status(), "da", mine.createdAt().plusMillis(1), mine.expiresAt());
        assertThatThrownBy(() -> await(a.enqueue(request, others, ActionSource.REST, 1, () -> 1, MILLIS)))
                .hasMessageContaining("a session with this id already exists");
    }

    @Test
    void aRepeatedRequestGivesTheSessionThatWaits() throws Exception {
        Idempotency once = new Idempotency("key", "hash");
        SessionId first = waits(a, "da", repeated(once));
        assertThat(waits(b, "db", repeated(once))).isEqualTo(first);
        assertThat(await(b.look()).claimable()).isEqualTo(1);
        assertThatThrownBy(() -> waits(a, "da", repeated(new Idempotency("key", "other"))))
                .hasMessageContaining("Idempotency-Key");
        await(a.end(first, EndReason.LAUNCH_FAILED));
        assertThat(waits(a, "da", repeated(once))).isNotEqualTo(first);
    }

    private static CreateSession repeated(Idempotency once) {
        CreateSession plain = CreateSession.ofDefaults();
        return new CreateSession(plain.sessionId(), 1, Optional.empty(), plain.options(), Map.of(), Optional.of(once));
    }

    @Test
    void aNodeThatWasDeclaredLostClaimsNothing() throws Exception {
        epoch.registered(7);
        SessionId id = waits(a, "da");
        assertThat(ids(await(b.claim(1)))).isEmpty();
        CreateSession next = CreateSession.ofDefaults();
        assertThatThrownBy(() -> waits(b, "db", next)).hasMessageContaining("try again");
        postgres.sql("""
                insert into nodes select * from json_populate_record(null::nodes, '{"machine_id": "db", "epoch": 7, "place": "",
                    "host": "", "request_port": 1, "version": "", "renewals": 0, "registered_at": "2026-01-01", "renewed_at": "2026-01-01",
                    "lease_until": "2026-01-01"}')""", Tuple.tuple());
        assertThat(ids(await(b.claim(1)))).containsExactly(id);
    }

    @Test
    void theLossOfANodeLeavesThoseThatWaitUnlessTheyAreForItsMemory() throws Exception {
        LostSessions lost = new LostSessions(postgres.database, postgres.outbox, "da", 0, NodeEpoch.NONE);
        SessionId waits = waits(a, "da");
        CreateSession ofTask = CreateSession.ofDefaults();
        await(a.enqueue(ofTask, accepted(ofTask, "da"), ActionSource.AI, MANY, () -> MANY, MILLIS));
        await(lost.correct(Instant.now().plusSeconds(1), List.of()));
        assertThat(await(a.look()).claimable()).isEqualTo(2);
        assertThat(await(lost.failAll(Instant.now())))
                .extracting(SessionQueue.Ended::id)
                .containsExactly(ofTask.sessionId());
        assertThat(row(waits).queuePosition()).contains(1);
    }

    @Test
    void aClaimWhoseAnswerWasLostIsEndedAfterAWhile() throws Exception {
        LostSessions lost = new LostSessions(postgres.database, postgres.outbox, "db", 0, NodeEpoch.NONE);
        SessionId id = waits(a, "da");
        await(b.claim(1));
        Instant now = Instant.now().plusSeconds(1);
        await(lost.correct(now, List.of()));
        assertThat(row(id).endReason()).as("it may begin in this moment").isEmpty();
        postgres.sql("update sessions set claimed_at = claimed_at - interval '61 seconds'", Tuple.tuple());
        await(lost.correct(now, List.of()));
        assertThat(row(id).endReason()).contains(EndReason.NODE_LOST);
    }

    @Test
    void allAreToldOfWhatHappensInTheQueue() throws Exception {
        Promise<Void> waits = Promise.promise();
        BlockingQueue<SessionId> left = new LinkedBlockingQueue<>();
        b.listen(new SessionQueue.News() {
            @Override
            public void waits() {
                waits.tryComplete();
            }

            @Override
            public void left(SessionId id) {
                left.add(id);
            }
        });
        await(waits.future());
        SessionId first = waits(a, "da");
        SessionId second = waits(a, "da");
        await(a.claim(1));
        assertThat(left.poll(30, TimeUnit.SECONDS)).isEqualTo(first);
        assertThat(await(b.waiting(List.of(first, second)))).containsExactly(second);
        await(a.end(second, EndReason.CLIENT));
        assertThat(left.poll(30, TimeUnit.SECONDS)).isEqualTo(second);
    }

    @Test
    void theTaskOfASessionThatWaitsIsToldFromItsRow() throws Exception {
        TaskRepository tasks = new TaskRepository(postgres.database, postgres.outbox, NodeEpoch.NONE);
        SessionId id = waits(a, "da", CreateSession.ofDefaults().opening("Order a table"));
        assertThat(await(tasks.find(TaskId.of(id), 1))).hasValueSatisfying(task -> {
            assertThat(task.status()).isEqualTo(TaskStatus.PENDING);
            assertThat(task.instruction()).isEqualTo("Order a table");
            assertThat(task.sessionId()).isEqualTo(id);
        });
        assertThat(await(tasks.find(TaskId.of(id), 2))).isEmpty();
        SessionId page = waits(a, "da", CreateSession.ofDefaults().opening("https://example.com"));
        assertThat(await(tasks.find(TaskId.of(page), 1))).isEmpty();
        await(a.claim(2));
        assertThat(await(tasks.find(TaskId.of(id), 1)).orElseThrow().status()).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void aTaskWhoseSessionEndedBeforeItBeganHasFailed() throws Exception {
        TaskRepository tasks = new TaskRepository(postgres.database, postgres.outbox, NodeEpoch.NONE);
        SessionId id = waits(a, "da", CreateSession.ofDefaults().opening("Order a table"));
        await(a.end(id, EndReason.CLIENT));
        TaskView task = await(tasks.find(TaskId.of(id), 1)).orElseThrow();
        assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(task.error()).contains("the session ended before the task began: client");
    }
}
