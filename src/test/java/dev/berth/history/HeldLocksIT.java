package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.database.Database;
import dev.berth.database.Notifications;
import dev.berth.database.Statements;
import dev.berth.history.node.LostNodes;
import dev.berth.history.node.NodeRepository;
import dev.berth.history.node.NodeRepository.Applicant;
import dev.berth.history.node.NodeRow;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A transaction that somebody leaves open: a person's, or that of a node that stands still. */
@Execution(ExecutionMode.CONCURRENT)
class HeldLocksIT {
    private static final String LOCK_CLAIMS = "select pg_advisory_xact_lock(hashtextextended('berth.claims', 1))";
    private static final String LOCK_USER = "select from users where user_id = 1 for update";

    @TempDir
    Path dataDir;

    private OwnDatabase postgres;
    private SessionClaims claims;
    private SessionRepository sessions;
    private SqlConnection somebody;

    @BeforeEach
    void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
        claims = new SessionClaims(postgres.database, NodeEpoch.NONE, 100, 1);
        sessions = new SessionRepository(postgres.database, postgres.outbox);
    }

    @AfterEach
    void stop() throws Exception {
        letGo();
        postgres.close();
    }

    private void letGo() throws Exception {
        if (somebody != null) {
            await(somebody.close());
        }
    }

    /** Without any limits, as by hand. */
    private void hold(String sql) throws Exception {
        somebody = await(PgConnection.connect(
                postgres.vertx, PgConnectOptions.fromUri(postgres.uri().toString())));
        await(somebody.begin());
        await(somebody.query(sql).execute());
    }

    private Future<SessionAccepted> claim(SessionId id) {
        CreateSession request =
                new CreateSession(id, 1, Optional.empty(), SessionOptions.DEFAULT, Map.of(), Optional.empty());
        Instant now = Instant.now();
        return claims.claim(request, new SessionAccepted(id, SessionStatus.CREATING, "da", now, now));
    }

    private static ErrorCode code(Future<?> failed) {
        return ((BerthException) failed.cause()).code();
    }

    /** The pool has two connections. */
    @Test
    void claimsThatWaitForALockLeaveConnectionsToOthersAndAreToldSoon() throws Exception {
        hold(LOCK_CLAIMS);
        var claims = Stream.generate(() -> claim(SessionId.random())).limit(24).toList();
        assertThat(await(sessions.find(SessionId.random()))).isEmpty();
        assertThat(claims).noneMatch(Future::isComplete);
        await(Future.join(claims).otherwiseEmpty());
        assertThat(claims).allMatch(claim -> code(claim) == ErrorCode.UNAVAILABLE);
        letGo();
        await(claim(SessionId.random()));
    }

    @Test
    void readersOfAUsersStoryThatWaitLeaveConnectionsToOthers() throws Exception {
        await(claim(SessionId.random()));
        LifecycleRepository lifecycle = new LifecycleRepository(postgres.database, postgres.outbox);
        hold(LOCK_USER);
        var reads = Stream.generate(() -> lifecycle.last(1)).limit(24).toList();
        assertThat(await(sessions.find(SessionId.random()))).isEmpty();
        await(Future.join(reads).otherwiseEmpty());
        assertThat(reads).allMatch(read -> code(read) == ErrorCode.UNAVAILABLE);
        letGo();
        assertThat(await(lifecycle.last(1))).isPositive();
    }

    @Test
    void whereTooManyWaitTheNextIsToldAtOnce() throws Exception {
        SqlConnection one = await(postgres.database.pool().getConnection());
        SqlConnection other = await(postgres.database.pool().getConnection());
        var waiting = Stream.generate(() -> sessions.find(SessionId.random()))
                .limit(Database.MAX_WAITING)
                .toList();
        Future<?> next = sessions.find(SessionId.random());
        await(next.otherwiseEmpty());
        assertThat(code(next)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(waiting).noneMatch(Future::isComplete);
        await(one.close());
        await(other.close());
        await(Future.join(waiting));
    }

    @Test
    void aQueryThatNobodyWaitsForAnyMoreGivesBackItsConnection() throws Exception {
        Database ofOne = new Database(postgres.vertx, postgres.uri(), 1);
        Future<?> tooLong = ofOne.rows("select pg_sleep(60)");
        await(tooLong.otherwiseEmpty());
        assertThat(code(tooLong)).isEqualTo(ErrorCode.UNAVAILABLE);
        await(ofOne.rows("select 1"));
        await(ofOne.close());
    }

    /** However many statements it has, a request is told in the same time. */
    @Test
    void aTransactionHasTheTimeOfOneQueryUnlessItIsALongOne() throws Exception {
        Database ofTests = Database.forHeartbeat(postgres.vertx, postgres.uri(), 2, 1_000);
        await(ofTests.rows("select 1"));
        Future<?> tooLong = ofTests.transaction(HeldLocksIT::slow);
        Future<?> isLong = ofTests.longTransaction(HeldLocksIT::slow);
        await(tooLong.otherwiseEmpty());
        assertThat(code(tooLong)).isEqualTo(ErrorCode.UNAVAILABLE);
        await(isLong);
        await(ofTests.close());
    }

    private static Future<Object> slow(Statements together) {
        return together.rows("select pg_sleep(0.6)")
                .compose(slept -> together.rows("select pg_sleep(0.6)"))
                .mapEmpty();
    }

    @Test
    void aTransactionOfANodeThatStandsStillIsEnded() throws Exception {
        SqlConnection frozen = await(postgres.database.pool().getConnection());
        Future<Void> ended = Future.future(closed -> frozen.closeHandler(ignored -> closed.complete()));
        await(frozen.begin());
        await(frozen.query(LOCK_CLAIMS).execute());
        await(ended);
        await(claim(SessionId.random()));
    }

    @Test
    void aLockedRowDoesNotKeepTheOthersOfALostNodeAlive() throws Exception {
        NodeRepository nodes = new NodeRepository(postgres.database, "da");
        await(nodes.register(new Applicant("here", "127.0.0.1", 7_802, 7_800, "1.0"), await(nodes.find())));
        LostNodes lost = new LostNodes(postgres.database, 1);
        SessionId locked = SessionId.random();
        SessionId other = SessionId.random();
        await(claim(locked));
        await(claim(other));
        hold("select from sessions where session_id = '" + locked.value() + "' for update");
        Optional<LostNodes.Losses> ended =
                await(lost.declare(await(nodes.find()).orElseThrow()));
        assertThat(ended.orElseThrow().sessions())
                .extracting(SessionQueue.Ended::id)
                .containsExactly(other);
        NodeRow left = await(nodes.departedWithSessions()).get(0);
        assertThat(await(lost.sweep(left)).orElseThrow().sessions()).isEmpty();
        letGo();
        assertThat(await(lost.sweep(left)).orElseThrow().sessions())
                .extracting(SessionQueue.Ended::id)
                .containsExactly(locked);
        assertThat(await(nodes.departedWithSessions())).isEmpty();
    }

    /** As while a part of its log, which an earlier process left, is added to the index. */
    @Test
    void aSessionThatAnOpenTransactionOnlyRefersToEndsAndIsClaimed() throws Exception {
        SessionId id = SessionId.random();
        await(claim(id));
        hold("insert into log_chunks values ('" + id.value() + "', 'console', 0, 1, 'sessions/console')");
        await(
                postgres.database.rows(
                        "update sessions set queue_number = 1, queued_at = now(), queue_deadline = now() + interval '1 day', queue = 'da', start_needs = '{}'"));
        QueueRepository queue = new QueueRepository(
                postgres.database,
                claims,
                sessions,
                new Notifications(postgres.vertx, postgres.database),
                "da",
                false,
                NodeEpoch.NONE);
        await(queue.claim(1));
        assertThat(await(sessions.find(id)).orElseThrow().queuePosition()).isEmpty();
        LostSessions lost = new LostSessions(postgres.database, postgres.outbox, "da", 1, NodeEpoch.NONE);
        assertThat(await(lost.failAll(Instant.now())))
                .extracting(SessionQueue.Ended::id)
                .containsExactly(id);
    }
}
