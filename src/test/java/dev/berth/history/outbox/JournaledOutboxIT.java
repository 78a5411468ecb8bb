package dev.berth.history.outbox;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.ActionRepository;
import dev.berth.history.Fact;
import dev.berth.history.Fact.ActionsDone;
import dev.berth.history.Fact.ChunkSealed;
import dev.berth.history.Fact.NumberedAction;
import dev.berth.history.Fact.TaskMoved;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.history.OwnDatabase;
import dev.berth.history.task.TaskStory;
import dev.berth.it.Berth;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What Postgres did not take at first, in a real Postgres. */
@Execution(ExecutionMode.CONCURRENT)
class JournaledOutboxIT {
    private static final String SESSION = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
            values ($1, (select user_id from users limit 1), 'd0000001', 'running', '{}', '{}', now(), now())
            """;
    private static final String TASK = """
            insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, started_at, last_event)
            values ($1, (select user_id from users limit 1), $2, 'd0000001', 'x', 'pending', now(), 0)
            """;

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final SessionId id = SessionId.random();

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    private ChunkKey chunk(long firstOffset) {
        return new ChunkKey(id, LogKind.CONSOLE, firstOffset, 2);
    }

    @Test
    void ofAnEarlierProcessesFactsOnlyTheRefusedOneIsLost() throws Exception {
        postgres.sql(SESSION, Tuple.of(id.value()));
        Path folder = dataDir.resolve("left");
        Journal left = new Journal(folder, 1 << 20, 1 << 20);
        left.open();
        left.append(new ChunkSealed(chunk(0)));
        left.append(new ActionsDone(List.of(action(id, 0), action(SessionId.random(), 0), action(id, 1))));
        left.append(new ChunkSealed(chunk(2)));
        JournaledOutbox next = new JournaledOutbox(postgres.vertx, postgres.database, folder);
        await(next.start());
        await(next.close());
        Berth.forgive("Postgres refused a waiting fact, which is lost");
        assertThat(await(new LogChunkRepository(postgres.database).list(id, LogKind.CONSOLE, 0, 1_000)))
                .containsExactly(chunk(0).chunk(), chunk(2).chunk());
        assertThat(await(new ActionRepository(postgres.vertx.getOrCreateContext(), postgres.database, postgres.outbox)
                                .page(id, 0, 10))
                        .total())
                .isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    private static NumberedAction action(SessionId of, long seq) {
        return new NumberedAction(
                of,
                seq,
                new ActionEntry(
                        "action-" + seq,
                        "click",
                        Instant.EPOCH,
                        true,
                        Map.of(),
                        1,
                        ActionSource.REST,
                        Optional.empty(),
                        Cost.NONE));
    }

    /** A process that is killed has not removed yet what Postgres has. */
    @Test
    void aRowOfFactsThatIsSentAgainChangesNothing() throws Exception {
        TaskId task = TaskId.random();
        postgres.sql(TASK, Tuple.of(task.value(), id.value()));
        List<Fact> row = List.of(
                moved(task, TaskStatus.RUNNING, 1),
                moved(task, TaskStatus.WAITING, 2),
                moved(task, TaskStatus.RUNNING, 3),
                moved(task, TaskStatus.WAITING, 4));
        FactWriter writer = new FactWriter(postgres.database);
        for (int i = 0; i < 2; i++) {
            await(writer.write(row));
        }
        assertThat(await(new TaskStory(postgres.database, postgres.outbox).read(task, 0, 10)))
                .extracting(told -> told.told().getString("status"))
                .containsExactly("running", "waiting", "running", "waiting");
    }

    private Fact moved(TaskId task, TaskStatus status, long second) {
        TaskView view = new TaskView(
                task,
                id,
                1,
                "x",
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Cost.NONE,
                Instant.EPOCH,
                Optional.empty());
        return new TaskMoved(view, Instant.ofEpochSecond(second));
    }
}
