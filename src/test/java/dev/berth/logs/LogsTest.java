package dev.berth.logs;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeHistory;
import dev.berth.fake.FakeStore;
import dev.berth.fake.HandScheduler;
import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionId;
import dev.berth.secrets.HiddenTexts;
import dev.berth.secrets.Redaction;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The console of a session, from its first line until it is read after the session's end. */
@ExtendWith(VertxExtension.class)
class LogsTest {
    private static final String LARGE = "x".repeat(16_000);

    private final SessionId id = SessionId.random();
    private final HandScheduler clock = new HandScheduler();
    private final FakeStore store = new FakeStore();
    private final FakeHistory history = new FakeHistory();
    private final AtomicLong kept = new AtomicLong();

    @TempDir
    Path root;

    private Path folder;
    private Vertx vertx;
    private Context context;
    private LogReader reader;
    private LogShipper shipper;
    private SessionLogs logs;

    @BeforeEach
    void make(Vertx vertx) throws Exception {
        this.vertx = vertx;
        folder = root.resolve("logs");
        context = vertx.getOrCreateContext();
        reader = new LogReader(vertx, store::get);
        shipper = shipper(1L << 30);
        logs = logs();
    }

    private SessionLogs logs() throws Exception {
        return await(on(
                context,
                () -> new SessionLogs(
                        vertx,
                        clock,
                        id,
                        shipper,
                        kept::addAndGet,
                        room -> true,
                        new Redaction(List.of(), List.of()),
                        new HiddenTexts())));
    }

    /** The one of another process, if it is not the first. */
    private LogShipper shipper(long heapBytes) throws Exception {
        LogShipper made =
                new LogShipper(vertx, clock, store, history.chunkRows, folder, new NodeMetrics().capture(), heapBytes);
        await(made.start());
        return made;
    }

    private void append(String... messages) throws Exception {
        await(on(context, () -> {
            for (String message : messages) {
                logs.append(new ConsoleEntry(
                        ConsoleLevel.LOG, message, Instant.EPOCH, Optional.empty(), Optional.empty(), "page"));
            }
            return null;
        }));
    }

    private static String[] numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> i + " " + LARGE).toArray(String[]::new);
    }

    /** The numbers at which lines begin that {@link #numbered} made; of others, the whole line. */
    private static List<String> begins(List<ConsoleEntry> entries) {
        return entries.stream()
                .map(entry -> entry.message().replace(" " + LARGE, ""))
                .toList();
    }

    private static List<String> range(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private List<String> read(LogReader.Log log) throws Exception {
        return begins(await(reader.page(1, log, 0, 10_000, () -> false)).as(ConsoleEntry.class));
    }

    private List<String> live() throws Exception {
        return read((offset, limit) -> on(context, () -> logs.read(new ReadLog(LogKind.CONSOLE, offset, limit)))
                .compose(tail -> tail));
    }

    private List<String> ended(LogShipper of) throws Exception {
        EndedLogs over = new EndedLogs(vertx, history.chunkRows, of);
        return read((offset, limit) -> over.read(id, LogKind.CONSOLE, offset, limit));
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long bytesOnDisk() {
        return files().stream().mapToLong(file -> file.toFile().length()).sum();
    }

    private static void awaitThat(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** Waits until the disk has so many lines. */
    private void written(int lines) throws Exception {
        clock.advance(SessionLog.WRITE_MILLIS);
        awaitThat(() -> linesOnDisk() == lines);
    }

    private long linesOnDisk() {
        long lines = 0;
        for (Path file : files()) {
            try {
                lines += Files.readString(file).chars().filter(c -> c == '\n').count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return lines;
    }

    private void storeIs(boolean away) {
        store.outcome(call -> call.equals("put") && away ? Future.failedFuture("away") : Future.succeededFuture());
    }

    private Future<Void> end() {
        return on(context, () -> logs.flush().onSuccess(flushed -> logs.close()))
                .compose(ended -> ended);
    }

    @Test
    void entriesAreReadFromMemoryFromTheDiskAndFromTheObjectStore() throws Exception {
        append("a", "b");
        assertThat(live()).containsExactly("a", "b");
        written(2);
        append("c");
        assertThat(live()).containsExactly("a", "b", "c");
        clock.advance(SessionLog.SEGMENT_MILLIS);
        awaitThat(() -> !history.chunks.isEmpty() && files().isEmpty());
        assertThat(history.chunks).containsExactly(new ChunkKey(id, LogKind.CONSOLE, 0, 3));
        append("d");
        assertThat(live()).containsExactly("a", "b", "c", "d");
        await(end());
        assertThat(history.chunks).hasSize(2);
        assertThat(ended(shipper)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aLogThatGetsNothingNewShipsNothing() throws Exception {
        append("a");
        written(1);
        clock.advance(SessionLog.SEGMENT_MILLIS);
        awaitThat(() -> history.chunks.size() == 1);
        clock.advance(10 * SessionLog.SEGMENT_MILLIS);
        await(end());
        assertThat(history.chunks).hasSize(1);
    }

    @Test
    void aLargeSegmentIsShippedAtOnce() throws Exception {
        append(numbered(0, 600));
        awaitThat(() -> history.chunks.size() == 1);
        assertThat(live()).isEqualTo(range(0, 600));
    }

    @Test
    void whileTheObjectStoreIsAwayLogsWaitOnDiskAndAreReadThere() throws Exception {
        storeIs(true);
        for (int i = 0; i < 150; i += 15) {
            append(numbered(i, i + 15));
            written(i + 15);
        }
        clock.advance(SessionLog.SEGMENT_MILLIS);
        awaitThat(shipper::isAway);
        append(numbered(150, 300));
        assertThat(live()).isEqualTo(range(0, 300));
        await(end());
        assertThat(history.chunks).isEmpty();
        assertThat(shipper.backlog()).isEqualTo(2);
        assertThat(ended(shipper)).isEqualTo(range(0, 300));

        storeIs(false);
        clock.advance(LogShipper.RETRY_MILLIS);
        awaitThat(() -> files().isEmpty());
        assertThat(history.chunks).extracting(ChunkKey::firstOffset).isSorted().hasSize(2);
        assertThat(shipper.isAway()).isFalse();
        assertThat(ended(shipper)).isEqualTo(range(0, 300));
    }

    @Test
    void theNextProcessShipsWhatAKilledOneLeft() throws Exception {
        append("a", "b");
        written(2);
        Files.writeString(files().get(0), "{\"level\":\"log\",\"mess", StandardOpenOption.APPEND);
        storeIs(true);
        LogShipper next = shipper(1L << 30);
        assertThat(ended(next)).containsExactly("a", "b");
        awaitThat(next::isAway);
        storeIs(false);
        clock.advance(LogShipper.RETRY_MILLIS);
        awaitThat(() -> files().isEmpty());
        assertThat(history.chunks).containsExactly(new ChunkKey(id, LogKind.CONSOLE, 0, 2));
        assertThat(ended(next)).containsExactly("a", "b");
    }

    @Test
    void aSegmentThatCanNotBeReadHoldsUpNoOther() throws Exception {
        storeIs(true);
        append("a", "b");
        written(2);
        clock.advance(SessionLog.SEGMENT_MILLIS);
        awaitThat(shipper::isAway);
        Files.delete(files().get(0));
        append("c");
        await(end());
        storeIs(false);
        clock.advance(LogShipper.RETRY_MILLIS);
        awaitThat(() -> files().isEmpty());
        assertThat(history.chunks).containsExactly(new ChunkKey(id, LogKind.CONSOLE, 2, 1));
        assertThat(ended(shipper)).containsExactly("c");
        EndedLogs over = new EndedLogs(vertx, history.chunkRows, shipper);
        LogReader.Log console = (offset, limit) -> over.read(id, LogKind.CONSOLE, offset, limit);
        LogPage behind = await(reader.page(1, console, 0, 1, () -> false));
        assertThat(behind.byOffset(ConsoleEntry.class)).containsOnlyKeys(2L);
        assertThat(behind.end(0)).isEqualTo(3);
    }

    @Test
    void aFileThatCanNotBeReadDoesNotStopTheNextStartAndOthersAreLeftAlone() throws Exception {
        append("a");
        written(1);
        Path unreadable = Files.createDirectory(folder.resolve(id + ".network.000000000000.ndjson"));
        Path other = Files.createDirectory(folder.resolve("lost+found"));
        LogShipper next = shipper(1L << 30);
        awaitThat(() -> history.chunks.size() == 1);
        assertThat(unreadable).doesNotExist();
        assertThat(unreadable.resolveSibling(unreadable.getFileName() + ".bad")).exists();
        assertThat(other).exists();
        assertThat(ended(next)).containsExactly("a");
    }

    @Test
    void aPartWhoseAnswerWasLostIsThereOnce() throws Exception {
        ChunkKey part = new ChunkKey(id, LogKind.CONSOLE, 0, 2);
        history.outcome(call -> {
            if (call.equals("addChunk") && history.chunks.isEmpty()) {
                history.chunks.add(part);
                return Future.failedFuture("the answer is lost");
            }
            return Future.succeededFuture();
        });
        append("a", "b");
        written(2);
        clock.advance(SessionLog.SEGMENT_MILLIS);
        awaitThat(shipper::isAway);
        append("c");
        await(end());
        assertThat(ended(shipper)).containsExactly("a", "b", "c");
        clock.advance(LogShipper.RETRY_MILLIS);
        awaitThat(() -> files().isEmpty());
        assertThat(history.chunks).containsExactly(part, new ChunkKey(id, LogKind.CONSOLE, 2, 1));
        assertThat(ended(shipper)).containsExactly("a", "b", "c");
    }

    @Test
    void whatCannotBeWrittenWaitsInMemoryAndBeyondALimitIsDroppedWithAMark() throws Exception {
        shipper = shipper(0);
        logs = logs();
        Files.delete(folder);
        append(numbered(0, 400));
        List<String> waiting = live();
        assertThat(waiting).hasSizeBetween(200, 399).isEqualTo(range(0, waiting.size()));
        boolean failed = await(end().map(false).otherwise(true));
        assertThat(failed).isTrue();

        Files.createDirectory(folder);
        clock.advance(1_000);
        awaitThat(() -> kept.get() > 0);
        append("after");
        await(end());
        List<String> all = new ArrayList<>(ended(shipper));
        assertThat(all).startsWith("0").endsWith("after");
        assertThat(all.get(all.size() - 2))
                .isEqualTo(
                        (400 - waiting.size()) + " lines are missing here: they came faster than they could be kept");
        assertThat(all).hasSize(waiting.size() + 2);
    }

    @Test
    void aLogCountsAsItIsOnDiskAndThenAsItIsInTheObjectStore() throws Exception {
        append(numbered(0, 10));
        written(10);
        awaitThat(() -> kept.get() == bytesOnDisk());
        assertThat(kept.get()).isGreaterThan(10 * LARGE.length());
        await(end());
        // Compressed, and at least this much.
        assertThat(kept.get()).isEqualTo(4_096);
    }
}
