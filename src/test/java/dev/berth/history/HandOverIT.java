package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.NodeRepository.Applicant;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Rows of waiting sessions that go from one node to another, on a real Postgres. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("handed")
class HandOverIT {
    private static final Applicant PROCESS = new Applicant("here", "127.0.0.1", 7_802, "1.0");

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final NodeRepository a = new NodeRepository(postgres.database, "da", 10_000);
    private final NodeRepository b = new NodeRepository(postgres.database, "db", 10_000);
    private final HandOverRepository ofA = new HandOverRepository(postgres.database, postgres.outbox, "da");
    private final HandOverRepository ofB = new HandOverRepository(postgres.database, postgres.outbox, "db");
    private final SessionRepository sessions = new SessionRepository(postgres.database, postgres.outbox);
    private final LostSessions lostOfB = new LostSessions(postgres.database, postgres.outbox, "db", 1);
    private final LostNodes lost = new LostNodes(postgres.database, 1);
    private long epoch;
    private HandedSession waits;

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void oneWaitsOnA() throws Exception {
        for (String table : List.of("nodes", "sessions")) {
            postgres.sql("delete from " + table, Tuple.tuple());
        }
        await(a.register(PROCESS, Optional.empty()));
        epoch = await(b.register(PROCESS, Optional.empty())).orElseThrow();
        waits = claimed("da", Instant.now().minusSeconds(20));
    }

    private HandedSession claimed(String node, Instant at) throws Exception {
        Instant created = at.truncatedTo(ChronoUnit.MILLIS);
        CreateSession request =
                CreateSession.ofDefaults().labelled(Map.of("k", "v")).opening("https://example.com/");
        await(sessions.claim(request, accepted(request.sessionId(), node, created)));
        return new HandedSession(
                request.userId(),
                request.initialPrompt(),
                request.options(),
                request.metadata(),
                accepted(request.sessionId(), "db", created),
                ActionSource.REST,
                Optional.empty());
    }

    private static SessionAccepted accepted(SessionId id, String node, Instant created) {
        return new SessionAccepted(id, SessionStatus.CREATING, node, created, created.plusSeconds(600));
    }

    private SessionId id() {
        return waits.id();
    }

    private SessionDescription row() throws Exception {
        return await(sessions.find(id())).orElseThrow();
    }

    private void give() throws Exception {
        assertThat(await(ofA.give(waits, epoch))).contains("db");
    }

    @Test
    void theRowTellsItsNewNodeAll() throws Exception {
        assertThat(await(ofA.epoch("db"))).contains(epoch);
        assertThat(await(ofB.given())).isEmpty();
        give();
        HandedSession given = await(ofB.given()).get(0);
        assertThat(given.userId()).isEqualTo(waits.userId());
        assertThat(given.initialPrompt()).isEqualTo(waits.initialPrompt());
        assertThat(given.options()).isEqualTo(waits.options());
        assertThat(given.metadata()).isEqualTo(waits.metadata());
        assertThat(given.accepted()).isEqualTo(waits.accepted());
        assertThat(given.source()).isEqualTo(ActionSource.REST);
        assertThat(given.handedAt()).isPresent();
        assertThat(await(ofA.given())).isEmpty();
        assertThat(row().machineId()).isEqualTo("db");
        assertThat(await(new OwnerRepository(postgres.database).ofSession(id())))
                .contains("db");
    }

    @Test
    void aSecondTryFindsWhatTheFirstDid() throws Exception {
        give();
        assertThat(await(ofA.give(waits, epoch))).contains("db");
        // Nor is it given twice.
        assertThat(await(ofB.given())).hasSize(1);
    }

    @Test
    void oneThatHasEndedOrRunsIsNotGiven() throws Exception {
        postgres.sql("update sessions set status = 'running', started_at = now()", Tuple.tuple());
        assertThat(await(ofA.give(waits, epoch))).isEmpty();
        postgres.sql("update sessions set status = 'failed', ended_at = now()", Tuple.tuple());
        assertThat(await(ofA.give(waits, epoch))).isEmpty();
        assertThat(row().machineId()).isEqualTo("da");
    }

    @Test
    void aNodeThatIsLostOrBeganAnewIsGivenNone() throws Exception {
        NodeRow seen = await(b.find()).orElseThrow();
        long next = await(b.register(PROCESS, Optional.of(seen))).orElseThrow();
        assertThat(await(ofA.give(waits, epoch))).isEmpty();
        await(lost.declare(await(b.find()).orElseThrow()));
        assertThat(await(ofA.epoch("db"))).isEmpty();
        assertThat(await(ofA.give(waits, next))).isEmpty();
        assertThat(row().machineId()).isEqualTo("da");
    }

    @Test
    void aNodeThatWasDeclaredLostMeanwhileGivesNone() throws Exception {
        await(lost.declare(await(a.find()).orElseThrow()));
        assertThat(await(ofA.give(waits, epoch))).isEmpty();
        assertThat(row().endReason()).contains(EndReason.NODE_LOST);
    }

    /** The declaration leaves the row out, which is being changed. */
    @Test
    void aSessionThatIsGivenWhileItsNodeIsDeclaredLostLives() throws Exception {
        SqlConnection giving = await(postgres.database.pool().getConnection());
        Transaction change = await(giving.begin());
        await(giving.query("update sessions set machine_id = 'db', handed_over = '{}', handed_at = now()")
                .execute());
        Future<Optional<LostNodes.Ended>> declared =
                lost.declare(await(a.find()).orElseThrow());
        assertThat(await(declared).orElseThrow().sessions()).isEmpty();
        await(change.commit());
        assertThat(row().endReason()).isEmpty();
        await(giving.close());
    }

    /** Here the row is waited for, and looked at anew. */
    @Test
    void aSessionThatIsGivenWhileItsNodeEndsWhatItLeftLives() throws Exception {
        LostSessions lostOfA = new LostSessions(postgres.database, postgres.outbox, "da", 0);
        SqlConnection giving = await(postgres.database.pool().getConnection());
        Transaction change = await(giving.begin());
        await(giving.query("update sessions set machine_id = 'db', handed_over = '{}', handed_at = now()")
                .execute());
        Future<List<LostSessions.Ended>> ended = lostOfA.failAll(Instant.now());
        await(giving.query("""
                do $$ begin
                    while not exists (
                            select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') loop
                        perform pg_sleep(0.01), pg_stat_clear_snapshot();
                    end loop;
                end $$""").execute());
        await(change.commit());
        assertThat(await(ended)).isEmpty();
        assertThat(row().endReason()).isEmpty();
        await(giving.close());
    }

    @Test
    void aSessionThatWasGivenIsLostWithItsNewNode() throws Exception {
        give();
        assertThat(await(lost.declare(await(b.find()).orElseThrow()))
                        .orElseThrow()
                        .sessions())
                .hasSize(1);
        assertThat(row().endReason()).contains(EndReason.NODE_LOST);
        assertThatNothingIsKeptOfTheHandOver();
    }

    @Test
    void theCorrectionOfClaimsLeavesWhatIsToBeTakenUp() throws Exception {
        give();
        HandedSession claim = claimed("db", Instant.now().minusSeconds(20));
        await(lostOfB.correct(Instant.now(), List.of()));
        assertThat(await(sessions.find(claim.id()))).isEmpty();
        assertThat(row().status()).isEqualTo(SessionStatus.CREATING);
        // It began after it was looked who is here.
        postgres.sql("update sessions set status = 'running', started_at = now()", Tuple.tuple());
        await(lostOfB.correct(Instant.now(), List.of()));
        assertThat(row().status()).isEqualTo(SessionStatus.RUNNING);
        await(lostOfB.correct(Instant.now().plusSeconds(61), List.of()));
        assertThat(row().endReason()).contains(EndReason.NODE_LOST);
    }

    /** A prompt may have a password in it. */
    private void assertThatNothingIsKeptOfTheHandOver() throws Exception {
        assertThat(await(postgres.database
                                .pool()
                                .query("select from sessions where handed_over is not null")
                                .execute())
                        .rowCount())
                .isZero();
    }

    @Test
    void whatItsNewNodeMustKnowGoesOnceThatHasIt() throws Exception {
        give();
        await(sessions.save(row()));
        assertThatNothingIsKeptOfTheHandOver();
    }

    @Test
    void itsOldNodeChangesItsRowNoMore() throws Exception {
        SessionDescription before = row();
        give();
        postgres.sql("update sessions set title = 'new'", Tuple.tuple());
        await(sessions.save(before));
        assertThat(row().title()).isEqualTo("new");
    }
}
