package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.LifecycleRepository.Numbered;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions' lives are told to their user once and in one order, whenever their rows commit. */
class LifecycleIT {
    private static final String CREATE = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
            values ($1, $2, 'd0000001', 'creating', '{}', '{}', now(), now())
            """;
    private static final String CREATE_MANY = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
            select 'many' || i, $1, 'd0000001', 'creating', '{}', '{}', now(), now() from generate_series(1, $2) i
            """;
    private static final String START =
            "update sessions set started_at = now(), status = 'running' where session_id = $1";
    private static final String END = """
            update sessions set ended_at = now(), status = 'completed', end_reason = 'client' where session_id = $1
            """;

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;
    private static long users = 100;

    private final LifecycleRepository lifecycle = new LifecycleRepository(postgres.database, postgres.outbox);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static long newUser() throws Exception {
        long user = users++;
        postgres.sql(
                "insert into users (user_id, name) overriding system value values ($1, $2)",
                Tuple.of(user, "user " + user));
        return user;
    }

    private static SessionId create(long user) throws Exception {
        SessionId id = SessionId.random();
        postgres.sql(CREATE, Tuple.of(id.value(), user));
        return id;
    }

    private List<Class<?>> kinds(long user, long after) throws Exception {
        return await(lifecycle.read(user, after, 100)).stream()
                .<Class<?>>map(entry -> entry.event().getClass())
                .toList();
    }

    @Test
    void aSessionsLifeIsToldStepByStep() throws Exception {
        long user = newUser();
        SessionId id = create(user);
        create(newUser());
        assertThat(kinds(user, 0)).containsExactly(SessionEvent.SessionCreated.class);
        postgres.sql(START, Tuple.of(id.value()));
        postgres.sql(START, Tuple.of(id.value()));
        postgres.sql(END, Tuple.of(id.value()));
        assertThat(kinds(user, 1)).containsExactly(SessionEvent.SessionStarted.class, SessionEvent.SessionEnded.class);
        List<Numbered> all = await(lifecycle.read(user, 0, 2));
        assertThat(all).extracting(Numbered::number).containsExactly(1L, 2L);
        assertThat(all).extracting(entry -> entry.event().sessionId()).containsOnly(id);
        assertThat(await(lifecycle.last(user))).isEqualTo(3);
        assertThat(await(lifecycle.read(user, 3, 10))).isEmpty();
    }

    /** As that of a lost session, which may never have been seen to start. */
    @Test
    void stepsOfOneUpdateComeInOrder() throws Exception {
        long user = newUser();
        SessionId id = create(user);
        postgres.sql(
                "update sessions set started_at = now(), ended_at = now(), status = 'failed', end_reason = 'node_lost'"
                        + " where session_id = $1",
                Tuple.of(id.value()));
        assertThat(kinds(user, 0))
                .containsExactly(
                        SessionEvent.SessionCreated.class,
                        SessionEvent.SessionStarted.class,
                        SessionEvent.SessionEnded.class);
    }

    /** The first insert commits after a reader has had the second: it must come after that. */
    @Test
    void whatCommitsLateComesLate() throws Exception {
        long user = newUser();
        SessionId late = SessionId.random();
        SqlConnection connection = await(postgres.database.pool().getConnection());
        Transaction open = await(connection.begin());
        await(connection.preparedQuery(CREATE).execute(Tuple.of(late.value(), user)));
        SessionId early = create(user);
        assertThat(await(lifecycle.read(user, 0, 10)))
                .extracting(entry -> entry.event().sessionId())
                .containsExactly(early);
        await(open.commit().eventually(connection::close));
        assertThat(await(lifecycle.read(user, 1, 10)))
                .extracting(entry -> entry.event().sessionId())
                .containsExactly(late);
    }

    @Test
    void aNumberIsNotGivenAgainWhenItsSessionIsGone() throws Exception {
        long user = newUser();
        SessionId claimed = create(user);
        assertThat(await(lifecycle.last(user))).isEqualTo(1);
        postgres.sql("delete from sessions where session_id = $1", Tuple.of(claimed.value()));
        create(user);
        assertThat(await(lifecycle.read(user, 1, 10)))
                .extracting(Numbered::number)
                .containsExactly(2L);
    }

    @Test
    void manyBatchesAreNumberedBeforeOneReads() throws Exception {
        long user = newUser();
        int sessions = 2 * LifecycleRepository.BATCH + 1;
        postgres.sql(CREATE_MANY, Tuple.of(user, sessions));
        assertThat(await(lifecycle.last(user))).isEqualTo(sessions);
    }

    @Test
    void simultaneousReadersNumberEachEntryOnce() throws Exception {
        long user = newUser();
        for (int i = 0; i < 20; i++) {
            create(user);
        }
        List<Future<List<Numbered>>> reads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            reads.add(lifecycle.read(user, 0, 100));
        }
        for (Future<List<Numbered>> read : reads) {
            assertThat(await(read)).isEqualTo(await(reads.get(0)));
        }
        assertThat(await(reads.get(0)))
                .extracting(Numbered::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 20).mapToObj(i -> (long) i).toList());
    }
}
