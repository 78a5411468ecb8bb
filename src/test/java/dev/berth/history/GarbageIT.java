package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.history.retention.Garbage;
import dev.berth.history.retention.Garbage.Due;
import dev.berth.history.retention.Removals;
import dev.berth.history.retention.Removals.RemovedSession;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects that nothing refers to any more, in a real Postgres. */
class GarbageIT {
    private static final String SESSION = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, ended_at, expires_at)
            values ($1, (select user_id from users limit 1), 'd0000001', 'completed', '{}', '{}', now(), now(), now())
            """;

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final SessionId id = SessionId.random();
    private final Garbage garbage = new Garbage(postgres.database);
    private final ArtifactRepository artifacts = new ArtifactRepository(postgres.database, postgres.outbox);
    private final LogChunkRepository chunks = new LogChunkRepository(postgres.database);
    private final ChunkKey part = new ChunkKey(id, LogKind.CONSOLE, 0, 5);

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void addSession() throws Exception {
        postgres.sql("delete from garbage", Tuple.tuple());
        postgres.sql(SESSION, Tuple.of(id.value()));
        await(chunks.add(part));
        await(artifacts.add(id, 0, artifact("screenshot")));
    }

    private ArtifactEntry artifact(String type) {
        return new ArtifactEntry(
                type + "-" + id,
                ArtifactType.SCREENSHOT,
                key(type),
                Optional.empty(),
                Instant.now(),
                "image/png",
                9,
                ArtifactState.PENDING);
    }

    private String key(String type) {
        return "sessions/" + id + "/" + type + "/" + type + "-1.png";
    }

    private Optional<RemovedSession> purge(long userId) throws Exception {
        return await(new Removals(postgres.database, postgres.outbox).purge(id, userId));
    }

    private List<String> due() throws Exception {
        return await(garbage.claim(100)).stream()
                .filter(due -> !due.wanted())
                .map(Due::objectKey)
                .sorted()
                .toList();
    }

    @Test
    void whatASessionHadIsGarbageOnceItIsRemoved() throws Exception {
        assertThat(purge(99)).isEmpty();
        RemovedSession removed = purge(1).orElseThrow();
        assertThat(removed.objectKeys()).containsExactlyInAnyOrder(part.toString(), key("screenshot"));
        assertThat(removed.bytes()).isEqualTo(9);
        assertThat(due()).containsExactly(part.toString(), key("screenshot"));
        assertThat(due()).as("taken just now").isEmpty();
        assertThat(purge(1)).isEmpty();
    }

    @Test
    void whatArrivesLaterIsGarbageToo() throws Exception {
        purge(1);
        for (Due due : await(garbage.claim(100))) {
            await(garbage.forget(due));
        }
        ChunkKey late = new ChunkKey(id, LogKind.NETWORK, 0, 5);
        await(chunks.add(late));
        await(artifacts.stored(key("screenshot"), 1));
        assertThat(due()).contains(late.toString(), key("screenshot"));
    }

    @Test
    void anUploadThatNoPageHasYetIsNone() throws Exception {
        await(artifacts.stored(key("upload"), 1));
        assertThat(due()).isEmpty();
        await(artifacts.add(id, 1, artifact("upload")));
        postgres.sql("update garbage set due_at = now()", Tuple.tuple());
        assertThat(await(garbage.claim(100))).allMatch(Due::wanted).hasSize(1);
    }

    @Test
    void whatIsPutThereAgainIsNotForgotten() throws Exception {
        purge(1);
        Due first = await(garbage.claim(List.of(part.toString()))).get(0);
        await(chunks.add(part));
        await(garbage.forget(first));
        assertThat(await(garbage.count(List.of(part.toString())))).isEqualTo(1);
    }
}
