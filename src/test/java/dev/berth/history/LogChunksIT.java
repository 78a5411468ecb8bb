package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.database.Database;
import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.SessionId;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of log chunks in a real Postgres. */
class LogChunksIT {
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
    private final LogChunkRepository index = new LogChunkRepository(database);

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

    @Test
    void aPartIsAddedOnce() throws Exception {
        await(index.add(chunk(0, 20)));
        await(index.add(chunk(20, 2)));
        await(index.add(chunk(20, 2)));
        assertThat(chunks()).containsExactly(chunk(0, 20).chunk(), chunk(20, 2).chunk());
    }

    @Test
    void aPartOfNoSessionIsNotAdded() throws Exception {
        ChunkKey ofNoSession = new ChunkKey(SessionId.random(), LogKind.CONSOLE, 0, 1);
        await(index.add(ofNoSession));
        assertThat(await(index.list(ofNoSession.sessionId(), LogKind.CONSOLE, 0, 10)))
                .isEmpty();
    }

    /** Earlier versions merged chunks. */
    @Test
    void whatIsWithinAMergedChunkIsNotAdded() throws Exception {
        await(index.add(chunk(0, 20)));
        await(index.add(chunk(0, 2)));
        await(index.add(chunk(6, 2)));
        assertThat(chunks()).containsExactly(chunk(0, 20).chunk());
    }

    @Test
    void theLastPartTellsWhereALogEnds() throws Exception {
        for (int i = 0; i < 5; i++) {
            await(index.add(chunk(2 * i, 2)));
        }
        assertThat(await(index.list(id, LogKind.CONSOLE, 3, 2)))
                .containsExactly(
                        chunk(2, 2).chunk(), chunk(4, 2).chunk(), chunk(8, 2).chunk());
    }

    @Test
    void ofASpoolObjectsOfNothingAreUnknown() throws Exception {
        String part = chunk(0, 2).toString();
        String upload = "sessions/" + id + "/upload/upload-1.bin";
        assertThat(await(new ObjectIndex(database, outbox).known(List.of(part, upload))))
                .containsExactly(part);
    }
}
