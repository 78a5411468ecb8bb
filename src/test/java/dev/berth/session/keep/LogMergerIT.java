package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.LogReader;
import dev.berth.clock.VertxScheduler;
import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import dev.berth.embedded.EmbeddedServers;
import dev.berth.history.ChunkKey;
import dev.berth.history.Database;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.outbox.JournaledOutbox;
import dev.berth.it.Berth;
import dev.berth.it.PostgresProxy;
import dev.berth.metrics.CallTimes;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Seals and merges chunks with a real Postgres, whose answers can be lost, and a real object store. */
@Execution(ExecutionMode.CONCURRENT)
class LogMergerIT {
    private static final String MACHINE = "d0000001";
    private static final int LINES = 3;
    /** Each chunk has some fifty bytes. */
    private static final long LOCAL_BYTES = 1_000;

    private static final String SESSION = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
            values ($1, (select user_id from users limit 1), 'd0000001', 'running', '{}', '{}', now(), now())
            """;

    @TempDir
    static Path dataDir;

    private static Vertx vertx;
    private static EmbeddedServers servers;
    private static PostgresProxy postgres;
    private static Database database;
    private static JournaledOutbox outbox;
    private static ArtifactStore store;
    private static ArtifactStore elsewhere;
    private static LogChunkRepository index;

    private final SessionId id = SessionId.random();
    private final Context context = vertx.getOrCreateContext();
    private final LocalChunks local = new LocalChunks(id, store, LOCAL_BYTES);
    private final LogMerger merger = new LogMerger(vertx, store, index, local, MACHINE);
    private final List<Long> counted = new ArrayList<>();
    private final LogSealer sealer =
            new LogSealer(vertx, store, index, local, 1, new LogReader(vertx, store::get), counted::add);
    private final List<String> written = new ArrayList<>();
    private final LogBuffer<byte[]> buffer = new LogBuffer<>(
            new VertxScheduler(vertx),
            id,
            LogKind.CONSOLE,
            sealer,
            merger,
            line -> 100,
            dropped -> LogLines.line(dropped + " are dropped"),
            new LogBudget(8 << 20, new NodeMetrics().capture()));

    @BeforeAll
    static void startServers() throws Exception {
        // The first Postgres of a JVM decides where the binaries are unpacked, and they must stay there.
        Berth.shared();
        vertx = Vertx.vertx();
        ServerConfig config = await(ConfigLoader.load(vertx, Map.of("BERTH_DATA_DIR", dataDir.toString())));
        // As in the data directory of a server.
        Files.createDirectory(dataDir.resolve("postgres"));
        servers = await(EmbeddedServers.start(vertx, config));
        config = servers.addressed(config);
        URI uri = config.postgres().uri().orElseThrow();
        Database.migrate(uri);
        postgres = new PostgresProxy(vertx, uri);
        database = new Database(vertx, URI.create(postgres.uri()), 2);
        outbox = new JournaledOutbox(vertx, database, dataDir.resolve("journal"));
        await(outbox.start());
        index = new LogChunkRepository(database, outbox);
        store = store(config.objectStore(), "spool");
        elsewhere = store(config.objectStore(), "another-spool");
        sql("insert into users (name) values ('somebody')", Tuple.tuple());
    }

    private static ArtifactStore store(ServerConfig.ObjectStore config, String spool) throws Exception {
        ArtifactStore made = new ArtifactStore(
                vertx,
                config,
                config.endpoint().orElseThrow(),
                dataDir.resolve(spool),
                key -> Future.succeededFuture(),
                CallTimes.unseen());
        await(made.start(keys -> Future.succeededFuture(Set.of())));
        return made;
    }

    @AfterAll
    static void stopServers() throws Exception {
        await(store.close()
                .eventually(elsewhere::close)
                .eventually(outbox::close)
                .eventually(database::close));
        postgres.close();
        await(servers.close());
        // Awaited on this thread: what is composed on a closed event loop never completes.
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    }

    private static void sql(String statement, Tuple values) throws Exception {
        await(database.pool().preparedQuery(statement).execute(values));
    }

    private <T> T onSession(Supplier<Future<T>> work) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> work.get().onComplete(done));
        return await(done.future());
    }

    @BeforeEach
    void addSession() throws Exception {
        sql(SESSION, Tuple.of(id.value()));
    }

    /** Appends some lines and seals them into a chunk. */
    private void seal() throws Exception {
        onSession(() -> {
            for (int i = 0; i < LINES; i++) {
                String line = "line " + written.size();
                written.add(line);
                buffer.append(LogLines.line(line));
            }
            return buffer.flush();
        });
    }

    private void seal(int chunks) throws Exception {
        for (int i = 0; i < chunks; i++) {
            seal();
        }
    }

    private void end() throws Exception {
        onSession(() -> {
            buffer.close();
            return buffer.mergeRest().onComplete(merged -> local.close());
        });
    }

    private void letGo() throws Exception {
        onSession(() -> {
            local.close();
            return Future.succeededFuture();
        });
    }

    private List<LogChunk> indexed() throws Exception {
        return await(index.list(id, LogKind.CONSOLE, 0, 10_000));
    }

    /** The lines that a reader of the index gets. */
    private List<String> read() throws Exception {
        List<String> lines = new ArrayList<>();
        for (LogChunk chunk : indexed()) {
            assertThat(chunk.firstOffset()).isEqualTo(lines.size());
            Buffer zipped = await(store.get(chunk.objectKey()));
            try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.getBytes()))) {
                new String(unzipped.readAllBytes())
                        .lines()
                        .map(line -> line.replace("\"", ""))
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    private List<String> spooled() {
        return List.of(dataDir.resolve("spool").toFile().list((folder, name) -> name.contains(id.value())));
    }

    private void awaitEmptySpool() throws Exception {
        awaitThat(() -> spooled().isEmpty());
    }

    private static void awaitThat(BooleanSupplier wished) throws Exception {
        Promise<Void> promise = Promise.promise();
        long timer = vertx.setPeriodic(10, ignored -> {
            if (wished.getAsBoolean()) {
                promise.tryComplete();
            }
        });
        await(promise.future().timeout(20, TimeUnit.SECONDS).onComplete(done -> vertx.cancelTimer(timer)));
    }

    private long spooledBytes() {
        return spooled().stream()
                .mapToLong(
                        name -> dataDir.resolve("spool").resolve(name).toFile().length())
                .sum();
    }

    /** The chunk as another node, without this spool, finds it. */
    private static Future<Buffer> storedElsewhere(String key) {
        return elsewhere.get(key).recover(e -> storedElsewhere(key));
    }

    private List<LogChunk> chunks(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ChunkKey(id, LogKind.CONSOLE, (long) i * LINES, LINES).chunk())
                .toList();
    }

    /** Merges the first chunks; gives the outcome. */
    private Future<Optional<LogChunk>> merge(int count) throws Exception {
        Promise<Future<Optional<LogChunk>>> over = Promise.promise();
        context.runOnContext(ignored -> {
            Future<Optional<LogChunk>> merging = merger.merge(id, LogKind.CONSOLE, chunks(count));
            merging.onComplete(done -> over.complete(merging));
        });
        return await(over.future());
    }

    private String merged(int chunks) {
        return "%012d-%d.ndjson.gz".formatted(0, chunks * LINES);
    }

    @Test
    void smallChunksBecomeOne() throws Exception {
        seal(13);
        end();
        assertThat(read()).isEqualTo(written);
        assertThat(indexed()).hasSize(1);
        awaitEmptySpool();
    }

    @Test
    void aChunkWhoseInsertLostItsAnswerIsMergedToo() throws Exception {
        for (int i = 0; i < 25; i++) {
            if (i % 4 == 1 || i == 9) {
                postgres.loseAnswerTo("%012d-%d.ndjson.gz".formatted(i * LINES, LINES));
            }
            seal();
        }
        end();
        assertThat(postgres.lost()).isPositive();
        assertThat(read()).isEqualTo(written);
        assertThat(indexed()).hasSizeLessThan(4);
        awaitEmptySpool();
    }

    @Test
    void aChunkThatIsSealedAtTheSecondTryCountsOnce() throws Exception {
        Path journal = dataDir.resolve("journal");
        Files.delete(journal);
        postgres.loseAnswerTo("%012d-%d.ndjson.gz".formatted(0, LINES));
        assertThatThrownBy(this::seal).isInstanceOf(ExecutionException.class);
        Files.createDirectory(journal);
        onSession(buffer::flush);
        assertThat(counted).hasSize(1);
        assertThat(read()).isEqualTo(written);
    }

    @Test
    void aMergeThatLostItsAnswerIsFoundDone() throws Exception {
        seal(8);
        int before = postgres.lost();
        postgres.loseAnswerTo(merged(8));
        Future<Optional<LogChunk>> unheard = merge(8);
        assertThat(unheard.failed()).isTrue();
        assertThat(postgres.lost()).isEqualTo(before + 1);
        // Meanwhile, its parts are deleted.
        for (LogChunk part : chunks(8)) {
            await(store.remove(part.objectKey()));
        }
        assertThat(merge(8).result()).map(LogChunk::count).contains(8 * LINES);
        assertThat(read()).isEqualTo(written);
        letGo();
        awaitEmptySpool();
    }

    @Test
    void aRefusedMergeChangesNothingAndLeavesNothingInTheSpool() throws Exception {
        seal(5);
        sql("delete from log_chunks where session_id = $1 and first_offset = $2", Tuple.of(id.value(), LINES));
        List<LogChunk> before = indexed();
        assertThat(merge(5).result()).isEmpty();
        assertThat(indexed()).isEqualTo(before);
        letGo();
        awaitEmptySpool();
    }

    @Test
    void theLatestChunksOfALiveSessionStayOnDisk() throws Exception {
        seal(3);
        assertThat(spooled()).hasSize(3);
        for (LogChunk chunk : chunks(3)) {
            await(storedElsewhere(chunk.objectKey()));
        }
        assertThat(spooled()).hasSize(3);
        seal(40);
        awaitThat(() -> spooledBytes() <= LOCAL_BYTES);
        assertThat(spooledBytes()).isGreaterThan(LOCAL_BYTES / 2);
        assertThat(read()).isEqualTo(written);
        end();
        awaitEmptySpool();
        assertThat(read()).isEqualTo(written);
    }
}
