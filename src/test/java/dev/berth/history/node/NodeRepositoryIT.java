package dev.berth.history.node;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.database.Database;
import dev.berth.fake.SampleTask;
import dev.berth.history.LostSessions;
import dev.berth.history.NodeEpoch;
import dev.berth.history.OwnDatabase;
import dev.berth.history.SessionClaims;
import dev.berth.history.node.NodeRepository.Applicant;
import dev.berth.history.task.LostTasks;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The rows of nodes, and what is declared lost with them, on a real Postgres. */
// One test after the other: they share the table.
@ResourceLock("nodes")
class NodeRepositoryIT {
    private static final Applicant PROCESS = new Applicant("here", "127.0.0.1", 7_802, 7_800, "1.0");
    private static final String SESSION = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, started_at, expires_at)
            select 'session-' || $1 || '0000000-0000-4000-8000-' || lpad(i::text, 12, '0'), 1, $2, 'running', '{}', '{}',
                now() - interval '1 minute', now() - interval '1 minute', now() from generate_series(1, $3) i
            """;
    private static final String TASK = """
            insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, started_at, last_event)
            values ('task_00000000-0000-4000-8000-000000000001', 1, 'session-a0000000-0000-4000-8000-000000000001', $1, 'x', 'running', now(), 1)
            """;

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final NodeRepository a = nodes("da");
    private final NodeRepository b = nodes("db");
    private final LostNodes lost = new LostNodes(postgres.database, 1);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void nothingIsThere() throws Exception {
        for (String table : List.of("nodes", "tasks", "sessions")) {
            postgres.sql("delete from " + table, Tuple.tuple());
        }
    }

    private static NodeRepository nodes(String machineId) {
        return new NodeRepository(postgres.database, machineId);
    }

    private static NodeStatus status(String machineId) {
        return new NodeStatus(machineId, 8, 0, 3, 0, 1, 5, "Chrome/1", true, false);
    }

    private static long register(NodeRepository nodes) throws Exception {
        return await(nodes.register(PROCESS, await(nodes.find()))).orElseThrow();
    }

    private static NodeRow row(NodeRepository nodes) throws Exception {
        return await(nodes.find()).orElseThrow();
    }

    @Test
    void aRenewalTellsAndReadsAllThatArePresent() throws Exception {
        long first = register(a);
        register(b);
        assertThat(await(b.list())).extracting(NodeRow::machineId).containsExactly("da", "db");
        List<NodeRow> read = await(a.renew(first, Optional.of(status("da"))));
        assertThat(read).extracting(NodeRow::machineId).containsExactly("da", "db");
        assertThat(read.get(0).renewals()).isEqualTo(1);
        assertThat(read.get(0).node().orElseThrow().status()).isEqualTo(status("da"));
        // It can't take sessions yet.
        assertThat(read.get(1).node()).isEmpty();
        assertThat(await(a.renew(first, Optional.empty())).get(0).status()).contains(status("da"));
        await(a.release(first));
        assertThat(await(a.renew(first, Optional.empty()))).isEmpty();
        assertThat(row(a).releasedAt()).isPresent();
    }

    @Test
    void aLaterRegistrationFencesTheEarlierOneAndOneOfTwoWins() throws Exception {
        long first = register(a);
        Optional<NodeRow> seen = await(a.find());
        long second = await(a.register(PROCESS, seen)).orElseThrow();
        assertThat(second).isGreaterThan(first);
        assertThat(await(a.renew(first, Optional.empty()))).isEmpty();
        assertThat(await(a.renew(second, Optional.empty()))).hasSize(1);
        // Whoever decided by what has changed since must look again.
        assertThat(await(a.register(PROCESS, seen))).isEmpty();
        assertThat(await(a.register(PROCESS, Optional.empty()))).isEmpty();
    }

    @Test
    void aRowThatWasDeletedByHandFencesItsNode() throws Exception {
        long epoch = register(a);
        postgres.sql("delete from nodes", Tuple.tuple());
        assertThat(await(a.renew(epoch, Optional.empty()))).isEmpty();
        assertThat(register(a)).isGreaterThan(epoch);
    }

    @Test
    void manyDeclareANodeButOneDoesAndOnce() throws Exception {
        long epoch = register(a);
        NodeRow dead = row(a);
        postgres.sql(SESSION, Tuple.of("a", "da", 3));
        postgres.sql(SESSION, Tuple.of("b", "db", 1));
        postgres.sql(TASK, Tuple.of("da"));
        List<Future<Optional<LostNodes.Losses>>> all =
                IntStream.range(0, 50).mapToObj(i -> lost.declare(dead)).toList();
        await(Future.all(all));
        List<LostNodes.Losses> ended =
                all.stream().flatMap(one -> one.result().stream()).toList();
        assertThat(ended).hasSize(1);
        assertThat(ended.get(0).sessions()).hasSize(3);
        assertThat(ended.get(0).tasks())
                .hasSize(1)
                .allMatch(task -> task.status().ended());
        assertThat(row(a).lostAt()).isPresent();
        assertThat(row(a).epoch()).isGreaterThan(epoch);
        assertThat(await(a.renew(epoch, Optional.empty()))).isEmpty();
        assertThat(open()).containsExactly("db");
        assertThat(single("select end_detail from sessions where machine_id = 'da' limit 1"))
                .contains("another node declared it lost", "on its disk");
        assertThat(single("select count(*)::text from lifecycle where step = 2"))
                .isEqualTo("3");
    }

    @Test
    void whoRenewedSinceOrIsADifferentProcessIsNotDeclared() throws Exception {
        long epoch = register(a);
        NodeRow seen = row(a);
        postgres.sql(SESSION, Tuple.of("a", "da", 1));
        await(a.renew(epoch, Optional.empty()));
        assertThat(await(lost.declare(seen))).isEmpty();
        NodeRow renewed = row(a);
        register(a);
        assertThat(await(lost.declare(renewed))).isEmpty();
        assertThat(open()).containsExactly("da");
    }

    /** A process that is stopped may claim a session in the moment in which it goes on, before it knows. */
    @Test
    void whatALostNodeStillClaimsIsEndedToo() throws Exception {
        register(a);
        register(b);
        NodeRow dead = row(a);
        await(lost.declare(dead));
        assertThat(await(b.departedWithSessions())).isEmpty();
        postgres.sql(SESSION, Tuple.of("a", "da", 1));
        List<NodeRow> departed = await(b.departedWithSessions());
        assertThat(departed).extracting(NodeRow::machineId).containsExactly("da");
        // But not where it has come back meanwhile: they may be its new ones.
        register(a);
        assertThat(await(lost.sweep(departed.get(0)))).isEmpty();
        await(lost.declare(row(a)));
        assertThat(open()).isEmpty();
        postgres.sql(SESSION, Tuple.of("c", "da", 1));
        assertThat(await(lost.sweep(await(b.departedWithSessions()).get(0)))
                        .orElseThrow()
                        .sessions())
                .hasSize(1);
        assertThat(open()).isEmpty();
    }

    /** Another declares it in this moment. */
    @Test
    void nobodyWaitsForAnotherThatDeclares() throws Exception {
        register(a);
        SqlConnection other = await(postgres.database.pool().getConnection());
        Transaction declaring = await(other.begin());
        await(other.query("select from nodes for update").execute());
        assertThat(await(lost.declare(row(a)))).isEmpty();
        await(declaring.rollback().eventually(other::close));
        assertThat(await(lost.declare(row(a)))).isPresent();
    }

    private static final String WAITING = """
            update sessions set status = 'creating', started_at = null, queue = 'cluster', queue_number = 7, start_needs = '{}',
                ends_with_node = $2 where session_id like 'session-' || $1 || '%'
            """;

    /** Any node may claim it; but not what waits for somebody at the lost one. */
    @Test
    void aSessionThatWaitsIsNotLostWithTheNodeThatWasAsked() throws Exception {
        register(a);
        NodeEpoch ofA = new NodeEpoch();
        ofA.registered(row(a).epoch());
        LostSessions own = new LostSessions(postgres.database, postgres.outbox, "da", 1, ofA);
        postgres.sql(SESSION, Tuple.of("a", "da", 1));
        postgres.sql(WAITING, Tuple.of("a", false));
        assertThat(await(own.correct(Instant.now(), List.of()))).isZero();
        assertThat(await(own.failAll(Instant.now()))).isEmpty();
        postgres.sql(SESSION, Tuple.of("b", "da", 1));
        postgres.sql(WAITING, Tuple.of("b", true));
        assertThat(await(own.correct(Instant.now(), List.of()))).isZero();
        assertThat(await(lost.declare(row(a))).orElseThrow().sessions())
                .singleElement()
                .satisfies(one -> assertThat(one.id().value()).startsWith("session-b"));
        assertThat(await(b.departedWithSessions())).isEmpty();
        assertThat(
                        single(
                                "select count(*)::text from sessions where ended_at is not null and queue_number is null and start_needs is null"))
                .isEqualTo("1");
    }

    /** It may be another process's by now. */
    @Test
    void aNodeThatWasDeclaredLostEndsNothingThatIsRecordedAsItsOwn() throws Exception {
        NodeEpoch ofA = new NodeEpoch();
        ofA.registered(register(a));
        LostSessions own = new LostSessions(postgres.database, postgres.outbox, "da", 1, ofA);
        LostTasks tasks = new LostTasks(postgres.database, postgres.outbox, "da", ofA);
        register(a);
        postgres.sql(SESSION, Tuple.of("a", "da", 1));
        postgres.sql(TASK, Tuple.of("da"));
        assertThat(await(own.correct(Instant.now(), List.of()))).isZero();
        assertThat(await(tasks.correct(Instant.now(), List.of()))).isZero();
        ofA.registered(row(a).epoch());
        assertThat(await(own.correct(Instant.now(), List.of()))).isEqualTo(1);
        assertThat(await(tasks.correct(Instant.now(), List.of()))).isEqualTo(1);
    }

    /** As after a rolling restart began with the next version. */
    @Test
    void thisVersionStartsOnANewerSchema() throws Exception {
        assertThat(await(postgres.database.isCurrent())).isTrue();
        postgres.sql("""
                insert into flyway_schema_history
                    (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                values (9999, '9999', 'newer', 'SQL', 'V9999__newer.sql', 1, 'other', 1, true)
                """, Tuple.tuple());
        try {
            assertThat(await(postgres.database.isCurrent())).isTrue();
            // Nor does a migration, as that of the command which makes keys.
            Database.migrate(postgres.uri());
            assertThat(register(a)).isPositive();
        } finally {
            postgres.sql("delete from flyway_schema_history where version = '9999'", Tuple.tuple());
        }
    }

    private static final String ACTIONS = """
            insert into actions (session_id, seq, action_id, type, happened_at, success, details, duration_millis, source, cost_usd,
                input_tokens, output_tokens)
            select session_id, seq, 'a' || seq, 'click', now(), true, '{}', 5, 'rest', 0, 0, 0
            from sessions, generate_series(0, 9) seq
            """;

    /** As many as a large node has; meanwhile the others claim sessions and raise their counters. */
    @Tag("full")
    @Test
    void threeThousandSessionsAreEndedAtOnceAndHoldUpNobody() throws Exception {
        register(a);
        long other = register(b);
        NodeRow dead = row(a);
        postgres.sql(SESSION, Tuple.of("a", "da", 3_000));
        postgres.sql(ACTIONS, Tuple.tuple());
        long since = System.nanoTime();
        Future<Optional<LostNodes.Losses>> declared = lost.declare(dead);
        SessionClaims sessions = new SessionClaims(postgres.database, NodeEpoch.NONE);
        int claims = 0;
        long slowest = 0;
        while (!declared.isComplete()) {
            long asked = System.nanoTime();
            // Not of the lost node: which of those are there in time is by chance.
            await(claim(sessions, request(Optional.empty()), "db"));
            assertThat(await(b.renew(other, Optional.empty()))).isNotEmpty();
            slowest = Math.max(slowest, System.nanoTime() - asked);
            claims++;
        }
        long took = System.nanoTime() - since;
        System.out.printf(
                "3,000 sessions declared in %d ms; %d claims and renewals meanwhile, the slowest %d ms%n",
                took / 1_000_000, claims, slowest / 1_000_000);
        assertThat(await(declared).orElseThrow().sessions()).hasSize(3_000);
        // It did not wait until all was over.
        assertThat(claims).isGreaterThan(3);
    }

    private static CreateSession request(Optional<CreateSession.Idempotency> once) {
        return new CreateSession(SessionId.random(), 1, Optional.empty(), SampleTask.OPTIONS, Map.of(), once);
    }

    private static Future<SessionAccepted> claim(SessionClaims node, CreateSession request) {
        return claim(node, request, "da");
    }

    private static Future<SessionAccepted> claim(SessionClaims node, CreateSession request, String machineId) {
        Instant now = Instant.now();
        return node.claim(
                request, new SessionAccepted(request.sessionId(), SessionStatus.CREATING, machineId, now, now));
    }

    @Test
    void aKeysSessionsAreCountedOnAllNodesTogether() throws Exception {
        List<SessionClaims> nodes = List.of(
                new SessionClaims(postgres.database, NodeEpoch.NONE, 4, 1),
                new SessionClaims(postgres.database, NodeEpoch.NONE, 4, 1));
        CreateSession first = request(Optional.of(new CreateSession.Idempotency("key", "hash")));
        await(claim(nodes.get(0), first));
        List<Future<SessionAccepted>> claims = IntStream.range(0, 20)
                .mapToObj(i -> claim(nodes.get(i % 2), request(Optional.empty())))
                .toList();
        await(Future.join(claims).otherwiseEmpty());
        assertThat(claims.stream().filter(Future::succeeded)).hasSize(3);
        assertThat(claims.stream().filter(Future::failed).map(Future::cause))
                .allMatch(e -> e instanceof BerthException known && known.code() == ErrorCode.LIMIT_REACHED);
        // A repeated request and a repeated try need no further place.
        SessionAccepted again =
                await(claim(nodes.get(1), request(Optional.of(new CreateSession.Idempotency("key", "hash")))));
        assertThat(again.sessionId()).isEqualTo(first.sessionId());
        assertThat(await(claim(nodes.get(1), first)).sessionId()).isEqualTo(first.sessionId());
        assertThat(open()).hasSize(4);
        postgres.sql(
                "update sessions set ended_at = now() where session_id = $1",
                Tuple.of(first.sessionId().value()));
        await(claim(nodes.get(0), request(Optional.empty())));
    }

    private static Future<ErrorCode> refusal(SessionClaims node, CreateSession request, String machineId) {
        return claim(node, request, machineId)
                .transform(claimed -> Future.succeededFuture(((BerthException) claimed.cause()).code()));
    }

    /** One that claimed it and refused all the same takes it back, or its row was ended: no other Chrome may run under it. */
    @Test
    void aSessionThatAnotherNodeClaimedIsNotClaimedAgain() throws Exception {
        SessionClaims sessions = new SessionClaims(postgres.database, NodeEpoch.NONE);
        List<CreateSession> requests =
                List.of(request(Optional.empty()), request(Optional.of(new CreateSession.Idempotency("k", "h"))));
        for (CreateSession request : requests) {
            await(claim(sessions, request));
            assertThat(await(refusal(sessions, request, "db"))).isEqualTo(ErrorCode.CONFLICT);
            assertThat(await(claim(sessions, request)).sessionId()).isEqualTo(request.sessionId());
            postgres.sql(
                    "update sessions set ended_at = now(), status = 'failed', end_reason = 'node_lost' where session_id = $1",
                    Tuple.of(request.sessionId().value()));
            assertThat(await(refusal(sessions, request, "da"))).isEqualTo(ErrorCode.CONFLICT);
        }
    }

    private static List<String> open() throws Exception {
        return await(postgres.database.list(
                "select machine_id from sessions where ended_at is null", row -> row.getString(0)));
    }

    private static String single(String sql) throws Exception {
        return await(postgres.database.first(sql, row -> row.getString(0))).orElseThrow();
    }
}
