package dev.berth.artifact;

import dev.berth.limits.CountLimit;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.LogLines.InstantWithin;
import dev.berth.protocol.SessionReply.LogTail;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Reads logs: sealed chunks from memory, the spool or the object store, and entries that are not sealed yet. One per
 * node. Thread-safe; results come on the caller's context.
 */
public final class LogReader {
    /** How many filtered reads one user may run at the same time. */
    static final int MAX_FILTERS = 4;

    /** How many entries a filter checks in one turn, unless {@link DecodedChunks#AT_ONCE} chunks have more. */
    static final int WINDOW = 10_000;

    private static final long FILTER_SECONDS = 60;
    private static final int FILTERS_AT_ONCE = 2;

    private final DecodedChunks chunks;
    private final ChunkTimes times = new ChunkTimes();
    private final FairQueue<Long> filterTurns;
    private final WorkerExecutor filterWorkers;
    private final CountLimit<Long> filters = new CountLimit<>(
            MAX_FILTERS, MAX_FILTERS + " of your filtered log reads are running already; try again when they are done");

    /** @param store gives the bytes of a key */
    public LogReader(Vertx vertx, Function<String, Future<Buffer>> store) {
        this.chunks = new DecodedChunks(vertx, store);
        this.filterTurns = DecodedChunks.turns(FILTERS_AT_ONCE, MAX_FILTERS);
        this.filterWorkers = vertx.createSharedWorkerExecutor("berth-log-filter", FILTERS_AT_ONCE);
    }

    /**
     * Where the entries of a part of a log are.
     *
     * @param total how many entries the log has
     * @param chunks the sealed chunks of the part, oldest first
     * @param firstWaiting the offset of the first of {@code waiting}
     * @param waiting unsealed entries after the chunks, possibly not all
     */
    public record Part(long total, List<LogChunk> chunks, long firstWaiting, LogLines waiting) {
        /** Of a live session. */
        public static Part of(LogTail tail) {
            return new Part(tail.total(), tail.chunks(), tail.firstOffset(), tail.lines());
        }
    }

    /** A log that can be read in parts. */
    public interface Log {
        /** The part from {@code offset} on, at most {@code limit} entries. */
        Future<Part> part(long offset, int limit);
    }

    public Future<Void> close() {
        return Future.join(chunks.close(), filterWorkers.close()).mapEmpty();
    }

    /** Puts a chunk that was just sealed into memory, so that it need not be fetched and decoded. */
    public void keep(long user, String objectKey, LogLines lines) {
        chunks.keep(user, objectKey, lines);
    }

    /**
     * The entries from {@code offset} on, at most {@code limit}.
     *
     * @param user owner of the log
     * @param stop true once nobody waits for the result
     */
    public Future<LogPage> page(long user, Log log, long offset, int limit, BooleanSupplier stop) {
        return more(new LogPage(limit), user, log, offset, stop);
    }

    private Future<LogPage> more(LogPage page, long user, Log log, long offset, BooleanSupplier stop) {
        return log.part(offset, page.room())
                .compose(part -> LogWindow.of(part, offset, page.room()).load(chunks, user, stop))
                .compose(window -> {
                    window.forEach(page::add);
                    page.of(window.total());
                    return page.room() > 0 && window.hasMore()
                            ? more(page, user, log, window.next(), stop)
                            : Future.succeededFuture(page);
                });
    }

    /**
     * Of the entries that match all conditions, those from {@code offset} on, at most {@code limit}; the total counts
     * all matches. Entries that are logged after the call are not checked. Users take turns, window by window.
     *
     * @param user owner of the log
     * @param stop true once nobody waits for the result
     */
    public Future<LogPage> filter(
            long user, Log log, List<? extends Condition> conditions, long offset, int limit, BooleanSupplier stop) {
        LogFilter filter = new LogFilter(conditions, offset, limit);
        return scan(user, log, conditions, filter::look, stop).map(all -> filter.page());
    }

    /** Looks at entries of a log, on one thread at a time. */
    public interface Visitor {
        /** @param first the offset of the entry {@code from} */
        void look(long first, LogLines lines, int from, int to);
    }

    /** Shows all entries of a log, in their order. It counts as a filtered read. */
    public Future<Void> visit(long user, Log log, Visitor visitor, BooleanSupplier stop) {
        return scan(user, log, List.of(), visitor, stop);
    }

    /** @param conditions that an entry has to meet to be of use; the visitor may be shown others, too */
    private Future<Void> scan(
            long user, Log log, List<? extends Condition> conditions, Visitor visitor, BooleanSupplier stop) {
        return filters.during(user, () -> {
            Promise<Void> done = Promise.promise();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FILTER_SECONDS);
            next(new Scan(user, log, conditions, visitor, stop, deadline, done), 0, Long.MAX_VALUE);
            return done.future();
        });
    }

    private record Scan(
            long user,
            Log log,
            List<? extends Condition> conditions,
            Visitor visitor,
            BooleanSupplier stop,
            long deadline,
            Promise<Void> done) {
        void show(long first, LogLines lines, int from, int to) {
            if (stop.getAsBoolean() || System.nanoTime() > deadline) {
                throw late();
            }
            visitor.look(first, lines, from, to);
        }

        boolean isTimed() {
            return conditions.stream().anyMatch(InstantWithin.class::isInstance);
        }
    }

    /** @param end where the log ended when the filter started */
    private void next(Scan scan, long from, long end) {
        if (from >= end) {
            scan.done.complete();
            return;
        }
        Future.succeededFuture()
                .compose(now -> scan.log.part(from, WINDOW))
                .compose(part ->
                        filterTurns.run(scan.user, () -> look(scan, LogWindow.ofWholeChunks(part, from, WINDOW))))
                .onFailure(scan.done::fail)
                .onSuccess(window ->
                        next(scan, window.hasMore() ? window.next() : Long.MAX_VALUE, Math.min(end, window.total())));
    }

    private Future<LogWindow> look(Scan scan, LogWindow window) {
        if (System.nanoTime() > scan.deadline) {
            return Future.failedFuture(late());
        }
        return window.load(chunks, scan.user, scan.stop, chunk -> times.mayMeet(chunk.objectKey(), scan.conditions))
                .compose(loaded -> filterWorkers.executeBlocking(
                        () -> {
                            loaded.forEach(scan::show);
                            if (scan.isTimed()) {
                                loaded.forEachChunk(times::learn);
                            }
                            return loaded;
                        },
                        false));
    }

    private static BerthException late() {
        return new BerthException(ErrorCode.TIMEOUT, "the log could not be searched within " + FILTER_SECONDS + " s");
    }

    /** The part of an ended session's log that consists of these chunks. */
    public static Part sealed(List<LogChunk> chunks) {
        long total = chunks.isEmpty() ? 0 : chunks.get(chunks.size() - 1).endOffset();
        return new Part(total, chunks, total, LogLines.NONE);
    }
}
