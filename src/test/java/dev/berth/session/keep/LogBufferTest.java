package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.metrics.Exposition;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@ExtendWith(VertxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class LogBufferTest {
    private static final SessionId ID = SessionId.random();
    private static final int CHUNK = LogBuffer.CHUNK_ENTRIES;
    private static final int MARK = -1_000;

    private final BlockingQueue<Sealing> sealings = new LinkedBlockingQueue<>();
    private final BlockingQueue<Merging> mergings = new LinkedBlockingQueue<>();
    private final List<Integer> appended = new ArrayList<>();
    private final NodeMetrics metrics = new NodeMetrics();
    private final LogBudget budget = new LogBudget(8 << 20, metrics.capture());
    private final HandScheduler clock = new HandScheduler();
    private Context context;
    private LogBuffer<Integer> buffer;

    /** A seal that the test completes. */
    private record Sealing(long firstOffset, List<?> entries, Promise<LogChunk> promise) {
        LogChunk chunk() {
            return new LogChunk("chunk-" + firstOffset, firstOffset, entries.size());
        }
    }

    /** A merge that the test completes. */
    private record Merging(List<LogChunk> run, Promise<Optional<LogChunk>> promise) {
        LogChunk chunk() {
            int count = run.stream().mapToInt(LogChunk::count).sum();
            return new LogChunk("merged", run.get(0).firstOffset(), count);
        }
    }

    @BeforeEach
    void makeBuffer(Vertx vertx) {
        context = vertx.getOrCreateContext();
        buffer = bufferOf(1);
    }

    private LogBuffer<Integer> bufferOf(int bytes) {
        return new LogBuffer<>(
                clock,
                ID,
                LogKind.CONSOLE,
                (id, kind, firstOffset, entries) -> {
                    Sealing sealing = new Sealing(firstOffset, entries, Promise.promise());
                    sealings.add(sealing);
                    return sealing.promise().future();
                },
                (id, kind, run) -> {
                    Merging merging = new Merging(run, Promise.promise());
                    mergings.add(merging);
                    return merging.promise().future();
                },
                entry -> bytes,
                dropped -> (int) (MARK - dropped),
                budget);
    }

    @Test
    void sealsOnceAChunkIsComplete() throws Exception {
        append(CHUNK - 1);
        assertThat(sealings).isEmpty();
        append(1);
        Sealing sealing = nextSealing();
        assertThat(sealing.firstOffset()).isZero();
        assertThat(sealing.entries()).isEqualTo(range(0, CHUNK));
    }

    @Test
    void sealsOnceAMebibyteWaits() throws Exception {
        buffer = bufferOf(1 << 19);
        append(1);
        assertThat(sealings).isEmpty();
        append(1);
        assertThat(nextSealing().entries()).isEqualTo(range(0, 2));
    }

    @Test
    void sealsAnIncompleteChunkTwoSecondsAfterItsFirstEntry() throws Exception {
        append(3);
        clock.advance(LogBuffer.SEAL_MILLIS - 1);
        assertThat(sealings).isEmpty();
        clock.advance(1);
        Sealing sealing = nextSealing();
        assertThat(sealing.entries()).isEqualTo(range(0, 3));
    }

    @Test
    void sealsOneChunkAtATimeInOrder() throws Exception {
        append(2 * CHUNK + 10);
        Sealing first = nextSealing();
        assertThat(sealings).isEmpty();
        succeed(first);
        Sealing second = nextSealing();
        assertThat(second.firstOffset()).isEqualTo(CHUNK);
        assertThat(second.entries()).isEqualTo(range(CHUNK, 2 * CHUNK));
        succeed(second);
        assertThat(sealings).isEmpty();
        clock.advance(LogBuffer.SEAL_MILLIS);
        Sealing third = nextSealing();
        assertThat(third.firstOffset()).isEqualTo(2 * CHUNK);
        assertThat(third.entries()).isEqualTo(range(2 * CHUNK, 2 * CHUNK + 10));
    }

    @Test
    void anEntryLeavesMemoryOnlyWhenItsChunkIsSafe() throws Exception {
        append(CHUNK + 5);
        Sealing sealing = nextSealing();
        assertThat(onContext(() -> buffer.firstWaiting())).isZero();
        assertThat(waiting(0, 10_000)).isEqualTo(range(0, CHUNK + 5));
        assertThat(chunks(0, 10_000)).isEmpty();
        succeed(sealing);
        assertThat(onContext(() -> buffer.firstWaiting())).isEqualTo(CHUNK);
        assertThat(onContext(() -> buffer.total())).isEqualTo(CHUNK + 5);
        assertThat(waiting(0, 10_000)).isEqualTo(range(CHUNK, CHUNK + 5));
        assertThat(chunks(0, 10_000)).containsExactly(sealing.chunk());
    }

    @Test
    void givesTheRequestedWaitingEntries() throws Exception {
        append(CHUNK + 5);
        succeed(nextSealing());
        assertThat(waiting(CHUNK + 1, 2)).isEqualTo(range(CHUNK + 1, CHUNK + 3));
        assertThat(waiting(CHUNK - 3, 5)).isEqualTo(range(CHUNK, CHUNK + 2));
        assertThat(waiting(0, CHUNK)).isEmpty();
        assertThat(waiting(CHUNK + 5, 10)).isEmpty();
        assertThat(waiting(CHUNK, 0)).isEmpty();
    }

    @Test
    void limitsTheBytesOfTheEntriesThatItGives() throws Exception {
        buffer = bufferOf(100);
        append(10);
        assertThat(onContext(() -> buffer.waiting(2, 8, 250))).containsExactly(2, 3, 4);
        assertThat(onContext(() -> buffer.waiting(Long.MAX_VALUE, 8, 250))).isEmpty();
    }

    @Test
    void givesTheChunksThatOverlapTheRequestedRange() throws Exception {
        append(2 * CHUNK);
        Sealing first = nextSealing();
        succeed(first);
        Sealing second = nextSealing();
        succeed(second);
        assertThat(chunks(0, CHUNK)).containsExactly(first.chunk());
        assertThat(chunks(CHUNK, 1)).containsExactly(second.chunk());
        assertThat(chunks(CHUNK - 1, 2)).containsExactly(first.chunk(), second.chunk());
        assertThat(chunks(2 * CHUNK, 10)).isEmpty();
    }

    @Test
    void aChunkHasAboutAMebibyteAtMost() throws Exception {
        buffer = bufferOf(300_000);
        append(10);
        assertThat(nextSealing().entries()).isEqualTo(range(0, 4));
    }

    @Test
    void aFullBufferDropsEntriesAndMarksHowMany() throws Exception {
        buffer = bufferOf(1 << 20);
        append(5 + 3);
        assertThat(waiting(0, 100)).isEqualTo(range(0, 5));
        succeed(nextSealing());
        append(1);
        assertThat(waiting(0, 100)).containsExactly(1, 2, 3, 4, MARK - 3, 8);
        assertThat(onContext(() -> buffer.total())).isEqualTo(7);
    }

    @Test
    void whatItTakesInDropsAndHoldsIsCounted() throws Exception {
        buffer = bufferOf(1 << 20);
        append(5 + 3);
        clock.advance(4_000);
        succeed(nextSealing());
        onContext(() -> Future.succeededFuture());
        Exposition told = Exposition.of(metrics);
        assertThat(told.value("berth_log_entries_total{log=\"console\"}")).isEqualTo(5);
        assertThat(told.value("berth_log_entries_dropped_total{log=\"console\"}"))
                .isEqualTo(3);
        assertThat(told.value("berth_log_waiting_bytes")).isEqualTo(4 << 20);
        assertThat(told.value("berth_log_chunk_lag_seconds_sum{log=\"console\"}"))
                .isEqualTo(4);
    }

    @Test
    void theLastDroppedEntriesAreMarkedAtTheEndOfTheSession() throws Exception {
        buffer = bufferOf(1 << 20);
        append(5 + 2);
        Future<Void> flushed = onContext(() -> buffer.flush());
        List<Object> sealed = new ArrayList<>();
        while (!flushed.isComplete()) {
            Sealing sealing = nextSealing();
            sealed.addAll(sealing.entries());
            succeed(sealing);
        }
        assertThat(sealed).containsExactly(0, 1, 2, 3, 4, MARK - 2);
    }

    @Test
    void holdsMoreIfOtherLogsHoldLess() throws Exception {
        budget.add(1 << 20);
        buffer = bufferOf(1 << 20);
        append(6);
        assertThat(waiting(0, 100)).isEqualTo(range(0, 4));
        budget.add(-(1 << 20));
        append(1);
        assertThat(waiting(0, 100)).containsExactly(0, 1, 2, 3, MARK - 2, 6);
    }

    @Test
    void givesItsBudgetBack() throws Exception {
        buffer = bufferOf(1 << 20);
        append(5);
        assertThat(budget.held()).isEqualTo(1 << 20);
        succeed(nextSealing());
        assertThat(budget.held()).isZero();
        append(1);
        assertThat(budget.held()).isEqualTo(1 << 20);
        Sealing late = nextSealing();
        onContext(() -> {
            buffer.close();
            return null;
        });
        assertThat(budget.held()).isZero();
        succeed(late);
        assertThat(budget.held()).isZero();
    }

    @Test
    void takesNothingMoreAfterItsEnd() throws Exception {
        onContext(() -> {
            buffer.close();
            return null;
        });
        append(1);
        clock.advance(LogBuffer.SEAL_MILLIS);
        onContext(() -> null);
        assertThat(sealings).isEmpty();
    }

    @Test
    void aFailedSealKeepsItsEntriesAndIsRetried() throws Exception {
        append(CHUNK);
        Sealing failed = nextSealing();
        fail(failed);
        assertThat(waiting(0, 10_000)).isEqualTo(range(0, CHUNK));
        assertThat(chunks(0, 10_000)).isEmpty();
        assertThat(sealings).isEmpty();
        clock.advance(LogBuffer.SEAL_MILLIS);
        Sealing again = nextSealing();
        assertThat(again.firstOffset()).isZero();
        assertThat(again.entries()).isEqualTo(failed.entries());
        succeed(again);
        assertThat(chunks(0, 10_000)).containsExactly(again.chunk());
        assertThat(waiting(0, 10_000)).isEmpty();
    }

    @Test
    void aFailedSealIsRetriedWithTheSameEntriesEvenIfMoreHaveCome() throws Exception {
        append(5);
        Future<Void> flushed = onContext(() -> buffer.flush());
        Sealing failed = nextSealing();
        append(7);
        fail(failed);
        assertThat(flushed.failed()).isTrue();
        flushed = onContext(() -> buffer.flush());
        Sealing again = nextSealing();
        assertThat(again.entries()).isEqualTo(range(0, 5));
        succeed(again);
        Sealing rest = nextSealing();
        assertThat(rest.firstOffset()).isEqualTo(5);
        assertThat(rest.entries()).isEqualTo(range(5, 12));
        succeed(rest);
        assertThat(flushed.succeeded()).isTrue();
    }

    @Test
    void tenTinyChunksAreMergedAndReadSeparatelyUntilThen() throws Exception {
        for (int i = 0; i < SealedChunks.RUN; i++) {
            append(2);
            onContext(() -> buffer.flush());
            succeed(nextSealing());
        }
        Merging merging = mergings.poll(10, TimeUnit.SECONDS);
        assertThat(merging.run()).hasSize(SealedChunks.RUN);
        assertThat(chunks(0, 100)).isEqualTo(merging.run());
        onContext(() -> merging.promise().tryComplete(Optional.of(merging.chunk())));
        assertThat(chunks(0, 100)).containsExactly(merging.chunk());
        assertThat(mergings).isEmpty();
    }

    @Test
    void flushSealsEverything() throws Exception {
        append(CHUNK + 5);
        Future<Void> flushed = onContext(() -> buffer.flush());
        succeed(nextSealing());
        Sealing rest = nextSealing();
        assertThat(rest.entries()).isEqualTo(range(CHUNK, CHUNK + 5));
        assertThat(flushed.isComplete()).isFalse();
        succeed(rest);
        assertThat(flushed.succeeded()).isTrue();
        assertThat(onContext(() -> buffer.firstWaiting())).isEqualTo(CHUNK + 5);
    }

    @Test
    void flushOfSeveralChunksSealsEachOnce() throws Exception {
        append(3 * CHUNK);
        Future<Void> flushed = onContext(() -> buffer.flush());
        for (int i = 0; i < 3; i++) {
            Sealing sealing = nextSealing();
            assertThat(sealing.firstOffset()).isEqualTo((long) i * CHUNK);
            assertThat(sealings)
                    .extracting(Sealing::firstOffset)
                    .as("seals beside that of %s", sealing.firstOffset())
                    .isEmpty();
            succeed(sealing);
        }
        assertThat(flushed.succeeded()).isTrue();
        assertThat(chunks(0, 10_000)).extracting(LogChunk::firstOffset).containsExactly(0L, 2_000L, 4_000L);
    }

    @Test
    void flushOfNothingIsDone() throws Exception {
        assertThat(onContext(() -> buffer.flush()).succeeded()).isTrue();
        assertThat(sealings).isEmpty();
    }

    @Test
    void flushFailsIfItCannotSealNowAndKeepsTheEntries() throws Exception {
        append(5);
        Future<Void> flushed = onContext(() -> buffer.flush());
        fail(nextSealing());
        assertThat(flushed.failed()).isTrue();
        assertThat(waiting(0, 10)).isEqualTo(range(0, 5));
    }

    @Test
    void flushRetriesWhatFailedBefore() throws Exception {
        append(CHUNK);
        Sealing underWay = nextSealing();
        Future<Void> flushed = onContext(() -> buffer.flush());
        fail(underWay);
        succeed(nextSealing());
        assertThat(flushed.succeeded()).isTrue();
    }

    private void append(int count) throws Exception {
        onContext(() -> {
            for (int i = 0; i < count; i++) {
                appended.add(appended.size());
                buffer.append(appended.get(appended.size() - 1));
            }
            return null;
        });
    }

    private Sealing nextSealing() throws InterruptedException {
        Sealing sealing = sealings.poll(10, TimeUnit.SECONDS);
        assertThat(sealing).as("a seal within ten seconds").isNotNull();
        return sealing;
    }

    private void succeed(Sealing sealing) throws Exception {
        onContext(() -> sealing.promise().tryComplete(sealing.chunk()));
    }

    private void fail(Sealing sealing) throws Exception {
        onContext(() -> sealing.promise().tryFail("the store is away"));
    }

    private List<Integer> waiting(long offset, int limit) throws Exception {
        return onContext(() -> buffer.waiting(offset, limit, Long.MAX_VALUE));
    }

    private List<LogChunk> chunks(long offset, int limit) throws Exception {
        return onContext(() -> buffer.chunks(offset, limit));
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private <T> T onContext(Callable<T> work) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
