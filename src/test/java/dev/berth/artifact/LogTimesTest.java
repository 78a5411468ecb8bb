package dev.berth.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.artifact.LogReader.Part;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.InstantWithin;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reads of a span of time, in a log of five chunks with ten entries a second. */
@ExtendWith(VertxExtension.class)
class LogTimesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int CHUNK = 100;

    private LogReader reader;

    record Entry(Instant timestamp, long n) {}

    @BeforeEach
    void seal(Vertx vertx) {
        reader = new LogReader(vertx, key -> Future.failedFuture(key + " is not in memory"));
        chunks().forEach(chunk -> reader.keep(1, chunk.objectKey(), lines(chunk.firstOffset())));
    }

    private static List<LogChunk> chunks() {
        return IntStream.range(0, 5)
                .mapToObj(i -> new LogChunk("key" + i, (long) i * CHUNK, CHUNK))
                .toList();
    }

    /** Neighbours are in the wrong order, as requests are that overlap. */
    private static LogLines lines(long from) {
        return LogLines.of(LongStream.range(from, from + CHUNK)
                .mapToObj(n -> LogLines.line(new Entry(START.plusMillis(100 * (n ^ 1)), n)))
                .toList());
    }

    private static InstantWithin within(long fromMillis, long toMillis) {
        return new InstantWithin("timestamp", START.toEpochMilli() + fromMillis, START.toEpochMilli() + toMillis);
    }

    private Future<LogPage> read(InstantWithin within, long offset, int limit) {
        LogReader.Log log = (from, room) -> Future.succeededFuture(LogReader.sealed(chunks()));
        return reader.filter(1, log, List.of(within), offset, limit, () -> false);
    }

    private static List<Long> numbers(LogPage page) {
        return page.as(Entry.class).stream().map(Entry::n).toList();
    }

    @Test
    void theFirstInstantIsIncludedAndTheLastIsNot(VertxTestContext test) {
        read(within(200, 500), 0, 10)
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(numbers(page)).containsExactly(2L, 3L, 5L);
                    assertThat(page.json("logs").toString())
                            .startsWith("{\"logs\":[{\"offset\":2,\"timestamp\":\"2026-01-01T00:00:00.300Z\"");
                    test.completeNow();
                })));
    }

    @Test
    void everyPageOfASpanCountsAllOfItAlsoOnceTheTimesAreKnown(VertxTestContext test) {
        read(within(29_000, 31_000), 0, 3)
                .compose(first -> {
                    assertThat(numbers(first)).containsExactly(290L, 291L, 292L);
                    assertThat(first.total()).isEqualTo(20);
                    return read(within(29_000, 31_000), 18, 3);
                })
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(numbers(page)).containsExactly(308L, 309L);
                    assertThat(page.total()).isEqualTo(20);
                    test.completeNow();
                })));
    }

    @Test
    void aSpanAfterTheEndHasNothing(VertxTestContext test) {
        read(within(50_000, Long.MAX_VALUE - START.toEpochMilli()), 0, 10)
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(page.total()).isZero();
                    test.completeNow();
                })));
    }

    @Test
    void aChunkIsPassedOverOnlyIfItsTimesAreKnownToBeOthers() {
        ChunkTimes times = new ChunkTimes();
        List<InstantWithin> third = List.of(within(20_000, 30_000));
        assertThat(times.mayMeet("key1", third)).isTrue();
        times.learn("key1", lines(100));
        assertThat(times.mayMeet("key1", third)).isFalse();
        assertThat(times.mayMeet("key1", List.of(within(19_900, 30_000)))).isTrue();
        assertThat(times.mayMeet("key1", List.of(within(0, 10_000)))).isFalse();
        assertThat(times.mayMeet("key1", List.of(within(0, 10_001)))).isTrue();
    }

    @Test
    void aVisitorSeesAllEntriesInOrder(VertxTestContext test) {
        LogReader.Log log = (from, room) -> Future.succeededFuture(new Part(500, chunks(), 500, LogLines.NONE));
        long[] seen = {0};
        reader.visit(
                        1,
                        log,
                        (first, lines, from, to) -> {
                            assertThat(first).isEqualTo(seen[0]);
                            assertThat(lines.millis(from))
                                    .isEqualTo(lines.timestamp(from).toEpochMilli());
                            seen[0] += to - from;
                        },
                        () -> false)
                .onComplete(test.succeeding(all -> test.verify(() -> {
                    assertThat(seen[0]).isEqualTo(500);
                    test.completeNow();
                })));
    }
}
