package dev.berth.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.FieldIs;
import dev.berth.protocol.SessionReply.LogTail;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class LogReaderTest {
    private static final int CHUNK = 3_000;
    private static final long SHIPPED = 8L * CHUNK;
    private static final int LAST = 25_000;
    private static final long USER = 1;
    private static final List<FieldIs> SEVENTH = List.of(new FieldIs("k", "7"));

    private final List<Long> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> fetched = Collections.synchronizedList(new ArrayList<>());
    private LogReader reader;

    record Entry(long n, long k) {}

    @BeforeEach
    void on(Vertx vertx) {
        reader = new LogReader(vertx, this::chunk);
    }

    /** One entry in a thousand matches. */
    private static LogLines lines(long from, long to) {
        return LogLines.of(LongStream.range(from, to)
                .mapToObj(n -> LogLines.line(new Entry(n, n % 1_000)))
                .toList());
    }

    private Future<Buffer> chunk(String key) {
        fetched.add(key);
        long first = Long.parseLong(key);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(lines(first, first + CHUNK).ndjson());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Future.succeededFuture(Buffer.buffer(bytes.toByteArray()));
    }

    private static List<LogChunk> chunks(int count) {
        return LongStream.range(0, count)
                .mapToObj(i -> new LogChunk(Long.toString(i * CHUNK), i * CHUNK, CHUNK))
                .toList();
    }

    /** A log of 8 parts and 1,000 entries that are not in the store, which grows while it is read. */
    private Future<LogTail> part(long offset, int limit) {
        asked.add(offset);
        LogLines waiting = lines(Math.max(SHIPPED, offset), Math.max(SHIPPED, Math.min(LAST, offset + limit)));
        long total = LAST + asked.size() * 100_000L - 100_000;
        return Future.succeededFuture(new LogTail(total, chunks(8), Math.max(SHIPPED, offset), waiting));
    }

    private static List<Long> numbers(LogPage page) {
        return page.as(Entry.class).stream().map(Entry::n).toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static boolean waits() {
        return false;
    }

    @Test
    void aPageGoesOverChunksIntoMemory(VertxTestContext test) {
        reader.page(USER, this::part, SHIPPED - 2_000, 2_500, LogReaderTest::waits)
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(numbers(page)).isEqualTo(range(SHIPPED - 2_000, SHIPPED + 500));
                    assertThat(page.total()).isEqualTo(LAST);
                    assertThat(fetched).containsExactlyInAnyOrder("21000");
                    test.completeNow();
                })));
    }

    @Test
    void theJsonOfAPageIsTheKeptBytesWithTheirOffsets(VertxTestContext test) {
        reader.page(USER, this::part, 2_999, 2, LogReaderTest::waits)
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(page.json("logs").toString())
                            .isEqualTo("{\"logs\":[{\"offset\":2999,\"n\":2999,\"k\":999},"
                                    + "{\"offset\":3000,\"n\":3000,\"k\":0}],\"total\":25000}");
                    test.completeNow();
                })));
    }

    @Test
    void aPageBeyondTheEndIsEmpty(VertxTestContext test) {
        reader.page(
                        USER,
                        (offset, limit) -> Future.succeededFuture(LogReader.shipped(chunks(2))),
                        Long.MAX_VALUE,
                        10,
                        LogReaderTest::waits)
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(page.json("logs").toString()).isEqualTo("{\"logs\":[],\"total\":6000}");
                    test.completeNow();
                })));
    }

    /** What a node has is given in pieces, and few parts are loaded at once. */
    @Test
    void aPageIsReadInSeveralPartsIfNeeded(VertxTestContext test) {
        LogReader.Log log = (offset, limit) -> {
            asked.add(offset);
            return Future.succeededFuture(new LogTail(
                    10L * CHUNK + 20,
                    chunks(10),
                    Math.max(10L * CHUNK, offset),
                    lines(Math.max(10L * CHUNK, offset), Math.max(10L * CHUNK, offset) + 10)));
        };
        reader.page(USER, log, 0, 10 * CHUNK + 15, LogReaderTest::waits)
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(numbers(page)).isEqualTo(range(0, 10L * CHUNK + 15));
                    assertThat(asked).containsExactly(0L, 4L * CHUNK, 8L * CHUNK, 10L * CHUNK + 10);
                    test.completeNow();
                })));
    }

    @Test
    void simultaneousReadsFetchAChunkOnce(VertxTestContext test) {
        List<Future<LogPage>> pages = LongStream.range(0, 20)
                .mapToObj(i -> reader.page(USER, this::part, i, 10, LogReaderTest::waits))
                .toList();
        Future.all(pages)
                .onComplete(test.succeeding(all -> test.verify(() -> {
                    assertThat(fetched).containsExactly("0");
                    test.completeNow();
                })));
    }

    @Test
    void aReadFailsWithoutTheObjectStoreAndTheNextTriesAgain(Vertx vertx, VertxTestContext test) {
        List<String> tried = new ArrayList<>();
        LogReader away = new LogReader(vertx, key -> {
            tried.add(key);
            return tried.size() == 1
                    ? Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, "the object store is away"))
                    : chunk(key);
        });
        away.page(USER, this::part, 0, 10, LogReaderTest::waits)
                .transform(failed -> {
                    assertThat(((BerthException) failed.cause()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    return away.page(USER, this::part, 0, 10, LogReaderTest::waits);
                })
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(numbers(page)).isEqualTo(range(0, 10));
                    assertThat(tried).containsExactly("0", "0");
                    test.completeNow();
                })));
    }

    @Test
    void aPartThatWasReadIsNotFetchedAgain(VertxTestContext test) {
        reader.page(USER, this::part, 0, 10, LogReaderTest::waits)
                .compose(first -> reader.page(USER, this::part, 10, 10, LogReaderTest::waits))
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(numbers(page)).isEqualTo(range(10, 20));
                    assertThat(fetched).containsExactly("0");
                    test.completeNow();
                })));
    }

    @Test
    void aReadStopsWhenItsClientHasLeft(VertxTestContext test) {
        reader.page(USER, this::part, 0, 10, () -> true)
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(fetched).isEmpty();
                    test.completeNow();
                })));
    }

    private Future<LogPage> sevenths(long offset, int limit, BooleanSupplier stop) {
        return reader.filter(USER, this::part, SEVENTH, offset, limit, stop);
    }

    @Test
    void aFilterChecksEachEntryOnceInWindows(VertxTestContext test) {
        sevenths(2, 3, LogReaderTest::waits)
                .onComplete(test.succeeding(page -> test.verify(() -> {
                    assertThat(page.total()).isEqualTo(25);
                    assertThat(numbers(page)).containsExactly(2_007L, 3_007L, 4_007L);
                    // The next window begins after the last part of the one before.
                    assertThat(asked).containsExactly(0L, 12_000L, 24_000L);
                    assertThat(fetched).doesNotHaveDuplicates().hasSize(8);
                    test.completeNow();
                })));
    }

    @Test
    void aFilterStopsWhenItsClientHasLeft(VertxTestContext test) {
        AtomicBoolean left = new AtomicBoolean();
        sevenths(0, 10, () -> left.getAndSet(true))
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(fetched).hasSize(4);
                    assertThat(asked).hasSize(1);
                    test.completeNow();
                })));
    }

    @Test
    void theFiltersOfAUserAreLimited() {
        List<Promise<LogTail>> parts = new ArrayList<>();
        LogReader.Log slow = (offset, limit) -> {
            parts.add(Promise.promise());
            return parts.get(parts.size() - 1).future();
        };
        for (int i = 0; i < LogReader.MAX_SEARCHES; i++) {
            assertThat(filter(USER, slow).isComplete()).isFalse();
        }
        assertThat(((BerthException) filter(USER, slow).cause()).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(filter(2, slow).isComplete()).isFalse();
        parts.get(0).fail("no");
        assertThat(filter(USER, slow).isComplete()).isFalse();
        assertThat(filter(USER, slow).failed()).isTrue();
    }

    @Test
    void aFilterOfALogThatThrowsTakesNoPlace() {
        LogReader.Log none = (offset, limit) -> {
            throw new BerthException(ErrorCode.SESSION_NOT_FOUND, "there is none");
        };
        for (int i = 0; i <= LogReader.MAX_SEARCHES; i++) {
            assertThat(((BerthException) filter(USER, none).cause()).code()).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
        }
    }

    @Test
    void aFilterOfALogThatThrowsLaterTakesNoPlace(VertxTestContext test) {
        LogReader.Log once = (offset, limit) -> {
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

    private Future<LogPage> filter(long user, LogReader.Log log) {
        return reader.filter(user, log, List.of(), 0, 10, LogReaderTest::waits);
    }
}
