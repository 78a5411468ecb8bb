package dev.berth.logs;

import dev.berth.limits.CountLimit;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.SessionReply.LogTail;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Reads logs: parts of the object store, and the entries that are not there yet. Users take turns. One per node. Thread-safe; results
 * come on the caller's context.
 */
public final class LogReader {
    /** How many searches one user may run at the same time. */
    static final int MAX_SEARCHES = 4;

    /** How many entries a search asks for at once; the parts that have them may have more. */
    static final int WINDOW = 10_000;

    /** How many parts are loaded at once, of some 8 MiB each. */
    static final int PARTS_AT_ONCE = 4;

    private static final long SEARCH_SECONDS = 60;
    private static final int READS_AT_ONCE = 4;
    private static final int MAX_WAITING_READS = 128;
    private static final int THREADS = 2;

    private final LogParts parts;
    private final FairQueue<Long> turns = new FairQueue<>(
            READS_AT_ONCE,
            READS_AT_ONCE,
            new CountLimit<>(
                    MAX_WAITING_READS,
                    MAX_WAITING_READS + " of your log reads are already waiting; try again when they are done"));
    private final WorkerExecutor workers;
    private final CountLimit<Long> searches = new CountLimit<>(
            MAX_SEARCHES,
            MAX_SEARCHES + " of your filtered log reads are already running; try again when they are done");

    /** @param store gives the bytes of a key */
    public LogReader(Vertx vertx, Function<String, Future<Buffer>> store) {
        this.workers = vertx.createSharedWorkerExecutor("berth-log-read", THREADS);
        this.parts = new LogParts(vertx, store, workers);
    }

    /** The part of a log that is in the object store as a whole. */
    static LogTail shipped(List<LogChunk> chunks) {
        long total = chunks.isEmpty() ? 0 : chunks.get(chunks.size() - 1).endOffset();
        return new LogTail(total, chunks, total, LogLines.NONE);
    }

    /** A log that can be read in parts. */
    public interface Log {
        /** The part from {@code offset} on, at most {@code limit} entries. */
        Future<LogTail> read(long offset, int limit);
    }

    /** Looks at entries of a log, on one thread at a time. */
    public interface Visitor {
        /** @param first the offset of the entry {@code from} */
        void look(long first, LogLines lines, int from, int to);
    }

    /** Entries that follow one another: lines, and their offset in the log. */
    private record Run(long offset, LogLines lines) {
        long end() {
            return offset + lines.count();
        }

        /** Shows the entries from an offset on. */
        void show(long from, Visitor visitor) {
            int first = (int) Math.max(0, Math.min(lines.count(), from - offset));
            if (first < lines.count()) {
                visitor.look(offset + first, lines, first, lines.count());
            }
        }
    }

    public Future<Void> close() {
        return workers.close();
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
        return log.read(offset, page.room()).compose(part -> {
            List<LogChunk> chunks = chunks(part, offset, page.room());
            Future<List<LogLines>> loaded = parts.inMemory(chunks)
                    .map(Future::succeededFuture)
                    .orElseGet(() -> turns.run(user, () -> stop.getAsBoolean() ? noMore() : parts.load(chunks)));
            return loaded.compose(lines -> {
                List<Run> runs = runs(part, chunks, lines);
                runs.forEach(run -> run.show(offset, page::add));
                page.of(part.total());
                long next = next(runs, offset);
                return page.room() > 0 && next > offset && next < part.total()
                        ? more(page, user, log, next, stop)
                        : Future.succeededFuture(page);
            });
        });
    }

    private static List<LogChunk> chunks(LogTail part, long offset, int limit) {
        return from(part.chunks(), offset, limit).stream().limit(PARTS_AT_ONCE).toList();
    }

    /** The parts that have entries from {@code offset} on, at most {@code limit}; where they are lost, the next part behind. */
    static List<LogChunk> from(List<LogChunk> parts, long offset, int limit) {
        List<LogChunk> here =
                parts.stream().filter(part -> part.overlaps(offset, limit)).toList();
        return here.isEmpty()
                ? parts.stream()
                        .filter(part -> part.firstOffset() > offset)
                        .limit(1)
                        .toList()
                : here;
    }

    /** @param loaded the entries of the chunks */
    private static List<Run> runs(LogTail part, List<LogChunk> chunks, List<LogLines> loaded) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            runs.add(new Run(chunks.get(i).firstOffset(), loaded.get(i)));
        }
        Run waiting = new Run(part.firstOffset(), part.lines());
        if (runs.isEmpty() || runs.get(runs.size() - 1).end() == waiting.offset) {
            runs.add(waiting);
        }
        return runs;
    }

    private static long next(List<Run> runs, long offset) {
        return Math.max(offset, runs.get(runs.size() - 1).end());
    }

    private static <T> Future<T> noMore() {
        return Future.failedFuture(new BerthException(ErrorCode.CONFLICT, "the reader has left"));
    }

    /**
     * The entries that match all conditions, from match {@code offset} on, at most {@code limit}; the total counts
     * all matches. Entries that are logged after the call are not checked. Users take turns, window by window.
     *
     * @param user owner of the log
     * @param stop true once nobody waits for the result
     */
    public Future<LogPage> filter(
            long user, Log log, List<? extends Condition> conditions, long offset, int limit, BooleanSupplier stop) {
        LogPage page = new LogPage(limit);
        long[] matches = new long[1];
        Visitor filter = (first, lines, from, to) -> {
            for (int i = from; i < to; i++) {
                if (lines.matches(i, conditions) && matches[0]++ >= offset && page.room() > 0) {
                    page.add(first + i - from, lines.only(i), 0, 1);
                }
            }
        };
        return visit(user, log, filter, stop).map(all -> page.of(matches[0]));
    }

    /** Shows all entries of a log, in their order. It counts as a search. */
    public Future<Void> visit(long user, Log log, Visitor visitor, BooleanSupplier stop) {
        return searches.during(user, () -> {
            Promise<Void> done = Promise.promise();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SEARCH_SECONDS);
            next(new Search(user, log, visitor, stop, deadline, done), 0, Long.MAX_VALUE);
            return done.future();
        });
    }

    private record Search(
            long user, Log log, Visitor visitor, BooleanSupplier stop, long deadline, Promise<Void> done) {
        void look(long first, LogLines lines, int from, int to) {
            check();
            visitor.look(first, lines, from, to);
        }

        void check() {
            if (stop.getAsBoolean() || System.nanoTime() > deadline) {
                throw new BerthException(
                        ErrorCode.TIMEOUT, "the log could not be searched within " + SEARCH_SECONDS + " s");
            }
        }
    }

    /** @param end where the log ended when the search started */
    private void next(Search search, long from, long end) {
        if (from >= end) {
            search.done.complete();
            return;
        }
        Future.succeededFuture()
                .compose(now -> search.log.read(from, WINDOW))
                .compose(part -> turns.run(search.user, () -> look(search, part, from))
                        .onSuccess(next -> next(
                                search,
                                next > from && next < part.total() ? next : Long.MAX_VALUE,
                                Math.min(end, part.total()))))
                .onFailure(search.done::tryFail);
    }

    /** Shows the entries of a part from an offset on. Gives the offset after them. */
    private Future<Long> look(Search search, LogTail part, long from) {
        search.check();
        List<LogChunk> chunks = chunks(part, from, WINDOW);
        return parts.load(chunks)
                .compose(lines -> workers.executeBlocking(
                        () -> {
                            List<Run> runs = runs(part, chunks, lines);
                            runs.forEach(run -> run.show(from, search::look));
                            return next(runs, from);
                        },
                        false));
    }
}
