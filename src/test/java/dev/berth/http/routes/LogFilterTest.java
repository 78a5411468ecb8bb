package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.artifact.LogReader;
import dev.berth.artifact.LogReader.Page;
import dev.berth.artifact.LogReader.Source;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogChunk;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class LogFilterTest {
    private static final int CHUNK = 1_500;
    private static final int LAST = 25_000;
    private static final long USER = 1;
    private final List<Long> asked = new ArrayList<>();
    private final List<String> fetched = new ArrayList<>();
    private LogReader reader;
    private LogFilter filter;

    @BeforeEach
    void on(Vertx vertx) {
        reader = new LogReader(vertx.createSharedWorkerExecutor("test-log-filter", 2), this::chunk);
        filter = new LogFilter(reader);
    }

    /** A chunk holds its offsets. */
    private Future<Buffer> chunk(String key) {
        fetched.add(key);
        long first = Long.parseLong(key);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new java.util.zip.GZIPOutputStream(bytes)) {
            for (long offset = first; offset < first + CHUNK; offset++) {
                out.write((offset + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Future.succeededFuture(Buffer.buffer(bytes.toByteArray()));
    }

    /** 16 chunks, and 1,000 entries in memory; grows while it is read. */
    private Future<Source<Long>> part(long offset, int limit) {
        asked.add(offset);
        assertThat(limit).isEqualTo(LogFilter.WINDOW);
        long sealed = 16L * CHUNK;
        List<LogChunk> chunks = LongStream.range(0, 16)
                .mapToObj(i -> new LogChunk(Long.toString(i * CHUNK), i * CHUNK, CHUNK))
                .toList();
        List<Long> waiting = LongStream.range(Math.max(sealed, offset), Math.min(LAST, offset + limit))
                .boxed()
                .toList();
        return Future.succeededFuture(new Source<>(LAST + asked.size() * 100_000L - 100_000, chunks, sealed, waiting));
    }

    private Future<Page<Long>> thousandths(long offset, int limit, BooleanSupplier stop) {
        return filter.filter(USER, this::part, Long.class, n -> n % 1_000 == 7, offset, limit, stop);
    }

    @Test
    void aWholeLogIsLookedThroughInWindowsEachEntryOnce(VertxTestContext test) {
        thousandths(2, 3, () -> false)
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(page.total()).isEqualTo(25);
                    assertThat(page.entries()).containsExactly(2_007L, 3_007L, 4_007L);
                    // The second begins after the chunk in which the first ended.
                    assertThat(asked).containsExactly(0L, 10_500L, 21_000L);
                    assertThat(fetched).doesNotHaveDuplicates().hasSize(16);
                    test.completeNow();
                })));
    }

    @Test
    void itStopsWhenNobodyWaitsForIt(VertxTestContext test) {
        AtomicBoolean left = new AtomicBoolean();
        thousandths(0, 10, () -> left.getAndSet(true))
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(fetched).hasSize(7);
                    assertThat(asked).hasSize(2);
                    test.completeNow();
                })));
    }

    @Test
    void aUserHasAFewAtATime() {
        List<Promise<Source<Long>>> parts = new ArrayList<>();
        LogFilter.Log<Long> slow = (offset, limit) -> {
            parts.add(Promise.promise());
            return parts.get(parts.size() - 1).future();
        };
        for (int i = 0; i < LogFilter.MAX_PER_USER; i++) {
            assertThat(filter(USER, slow).isComplete()).isFalse();
        }
        assertThat(((BerthException) filter(USER, slow).cause()).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(filter(2, slow).isComplete()).isFalse();
        parts.get(0).fail("no");
        parts.get(1).complete(new Source<>(0, List.of(), 0, List.of()));
        assertThat(filter(USER, slow).isComplete()).isFalse();
        assertThat(filter(USER, slow).isComplete()).isFalse();
        assertThat(filter(USER, slow).failed()).isTrue();
    }

    @Test
    void aLogThatCannotEvenBeAskedForTakesNoPlace() {
        LogFilter.Log<Long> none = (offset, limit) -> {
            throw new BerthException(ErrorCode.SESSION_NOT_FOUND, "there is none");
        };
        for (int i = 0; i <= LogFilter.MAX_PER_USER; i++) {
            assertThat(((BerthException) filter(USER, none).cause()).code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
        }
    }

    @Test
    void aLogThatCannotBeAskedForAgainTakesNoPlace(VertxTestContext test) {
        LogFilter.Log<Long> once = (offset, limit) -> {
            if (offset > 0) {
                throw new BerthException(ErrorCode.SESSION_NOT_FOUND, "there is none any more");
            }
            return part(offset, limit);
        };
        filter(USER, once)
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(((BerthException) e).code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
                    test.completeNow();
                })));
    }

    @Test
    void aPartIsReadOnlyWhileSomebodyWaits(VertxTestContext test) {
        AtomicBoolean left = new AtomicBoolean();
        List<LogChunk> chunks = LongStream.range(0, 40)
                .mapToObj(i -> new LogChunk(Long.toString(i * CHUNK), i * CHUNK, CHUNK))
                .toList();
        reader.read(LogReader.<Long>sealed(chunks), Long.class, 0, 60_000, () -> left.getAndSet(true))
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(fetched).hasSize(16);
                    test.completeNow();
                })));
    }

    private Future<Page<Long>> filter(long user, LogFilter.Log<Long> log) {
        return filter.filter(user, log, Long.class, n -> true, 0, 10, () -> false);
    }
}
