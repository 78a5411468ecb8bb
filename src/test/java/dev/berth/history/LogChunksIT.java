package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The index of log chunks in a real Postgres. */
@Execution(ExecutionMode.CONCURRENT)
class LogChunksIT {
    private static final String MACHINE = "d0000001";
    private static final String SESSION = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
            values ($1, (select user_id from users limit 1), 'd0000001', 'running', '{}', '{}', now(), now())
            """;

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;
    private static Database database;
    private static Outbox outbox;

    private final SessionId id = SessionId.random();
    private final LogChunkRepository index = new LogChunkRepository(database, outbox);

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new OwnDatabase(dataDir);
        database = postgres.database;
        outbox = postgres.outbox;
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void addSession() throws Exception {
        postgres.sql(SESSION, Tuple.of(id.value()));
    }

    private ChunkKey chunk(long firstOffset, int count) {
        return new ChunkKey(id, LogKind.CONSOLE, firstOffset, count);
    }

    private List<LogChunk> chunks() throws Exception {
        return await(index.list(id, LogKind.CONSOLE, 0, 1_000));
    }

    private List<String> replaced() throws Exception {
        return await(new ReplacedObjects(database, MACHINE).due(-60_000)).stream()
                .filter(key -> key.contains(id.value()))
                .toList();
    }

    private void addTen() throws Exception {
        for (int i = 0; i < 10; i++) {
            await(index.add(chunk(2 * i, 2)));
        }
    }

    private static List<String> tenKeys(LogChunksIT test) {
        return IntStream.range(0, 10)
                .mapToObj(i -> test.chunk(2 * i, 2).toString())
                .toList();
    }

    @Test
    void aMergedChunkReplacesItsPartsAndRecordsTheirObjects() throws Exception {
        addTen();
        assertThat(await(index.replace(chunk(0, 20), MACHINE))).isTrue();
        assertThat(chunks()).containsExactly(chunk(0, 20).chunk());
        assertThat(replaced()).containsExactlyInAnyOrderElementsOf(tenKeys(this));
        // The answer to the first call may have been lost.
        assertThat(await(index.replace(chunk(0, 20), MACHINE))).isTrue();
        assertThat(replaced()).containsExactlyInAnyOrderElementsOf(tenKeys(this));
        await(new ReplacedObjects(database, MACHINE).forget(tenKeys(this)));
        assertThat(replaced()).isEmpty();
    }

    private void assertRefused(ChunkKey merged) throws Exception {
        List<LogChunk> before = chunks();
        assertThat(await(index.replace(merged, MACHINE))).isFalse();
        assertThat(chunks()).isEqualTo(before);
        assertThat(replaced()).isEmpty();
    }

    @Test
    void aChunkWithOtherLinesReplacesNone() throws Exception {
        assertRefused(chunk(0, 20));
        addTen();
        assertRefused(chunk(0, 19));
        assertRefused(chunk(1, 19));
        assertRefused(chunk(2, 19));
        assertRefused(chunk(0, 22));
        postgres.sql("delete from log_chunks where session_id = $1 and first_offset = 6", Tuple.of(id.value()));
        assertRefused(chunk(0, 20));
    }

    @Test
    void aRunThatStartsWithinAMergedChunkIsRefused() throws Exception {
        addTen();
        assertThat(await(index.replace(chunk(0, 20), MACHINE))).isTrue();
        await(new ReplacedObjects(database, MACHINE).forget(tenKeys(this)));
        await(index.add(chunk(20, 2)));
        assertRefused(chunk(2, 20));
        assertRefused(chunk(0, 18));
    }

    @Test
    void simultaneousMergesOfTheSameChunksMergeOnce() throws Exception {
        addTen();
        var first = index.replace(chunk(0, 20), MACHINE);
        var second = index.replace(chunk(0, 20), MACHINE);
        assertThat(await(first)).isTrue();
        assertThat(await(second)).isTrue();
        assertThat(chunks()).containsExactly(chunk(0, 20).chunk());
        assertThat(replaced()).containsExactlyInAnyOrderElementsOf(tenKeys(this));
    }

    @Test
    void aMergedPartIsNotAddedAgain() throws Exception {
        addTen();
        await(index.replace(chunk(0, 20), MACHINE));
        await(index.add(chunk(0, 2)));
        await(index.add(chunk(6, 2)));
        assertThat(chunks()).containsExactly(chunk(0, 20).chunk());
        await(index.add(chunk(20, 2)));
        assertThat(chunks()).containsExactly(chunk(0, 20).chunk(), chunk(20, 2).chunk());
    }

    @Test
    void aSpooledChunkIsIndexedAndUnknownObjectsAreNot() throws Exception {
        addTen();
        await(index.replace(chunk(0, 20), MACHINE));
        ChunkKey ofNoSession = new ChunkKey(SessionId.random(), LogKind.CONSOLE, 0, 1);
        List<String> spooled = List.of(
                chunk(0, 2).toString(),
                chunk(0, 20).toString(),
                chunk(20, 5).toString(),
                ofNoSession.toString(),
                "sessions/" + id + "/upload/upload-1.bin");
        assertThat(await(new ObjectIndex(database, outbox).known(spooled)))
                .containsExactlyInAnyOrder(chunk(0, 20).toString(), chunk(20, 5).toString());
        assertThat(chunks()).containsExactly(chunk(0, 20).chunk(), chunk(20, 5).chunk());
    }

    @Test
    void onlyRequestedKeysAreReported() throws Exception {
        addTen();
        await(index.replace(chunk(0, 20), MACHINE));
        assertThat(await(new ObjectIndex(database, outbox)
                        .known(List.of(chunk(0, 2).toString()))))
                .isEmpty();
    }
}
