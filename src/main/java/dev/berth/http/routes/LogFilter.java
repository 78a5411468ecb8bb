package dev.berth.http.routes;

import dev.berth.artifact.LogReader;
import dev.berth.artifact.LogReader.Page;
import dev.berth.artifact.LogReader.Source;
import dev.berth.http.request.Tally;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Looks through whole logs for the entries that match, a window after the other: what is asked of a session, and what is in
 * memory, does not grow with its log. For a few reads of one user at a time, and only while somebody waits. For any event loop.
 */
public final class LogFilter {
    static final int WINDOW = 10_000;
    static final int MAX_PER_USER = 4;

    private final LogReader reader;
    private final Tally<Long> running = new Tally<>(MAX_PER_USER);

    public LogFilter(LogReader reader) {
        this.reader = reader;
    }

    /** A log, of which parts can be asked for. */
    interface Log<T> {
        /** The part from {@code offset} on, {@code limit} entries at the most. */
        Future<Source<T>> part(long offset, int limit);
    }

    /**
     * Of the entries that match, those from {@code offset} on, {@code limit} at the most; the total counts all that match. What is
     * logged after this began is not looked at.
     *
     * @param stop whether nobody waits for it any more
     */
    <T> Future<Page<T>> filter(
            long user, Log<T> log, Class<T> type, Predicate<T> matches, long offset, int limit, BooleanSupplier stop) {
        if (!running.tryAdd(user)) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.LIMIT_REACHED, MAX_PER_USER + " of your filtered reads of logs are under way"));
        }
        Scan<T> scan = new Scan<>(log, type, new Matches<>(matches, offset, limit), stop);
        scan.done.future().onComplete(done -> running.remove(user));
        next(scan, 0, Long.MAX_VALUE);
        return scan.done.future();
    }

    private record Scan<T>(Log<T> log, Class<T> type, Matches<T> found, BooleanSupplier stop, Promise<Page<T>> done) {
        Scan(Log<T> log, Class<T> type, Matches<T> found, BooleanSupplier stop) {
            this(log, type, found, stop, Promise.promise());
        }
    }

    private record Span(long from, long end) {}

    /** @param end where the log ended when this began */
    private <T> void next(Scan<T> scan, long from, long end) {
        if (from >= end) {
            scan.done.complete(new Page<>(scan.found.kept, scan.found.count));
            return;
        }
        Future.succeededFuture()
                .compose(now -> scan.log.part(from, WINDOW))
                .compose(part -> reader.show(part, scan.type, from, WINDOW, scan.stop, scan.found::offer)
                        .map(next -> new Span(next, Math.min(end, part.total()))))
                .onFailure(scan.done::fail)
                .onSuccess(rest -> next(scan, rest.from, rest.end));
    }

    private static final class Matches<T> {
        private final Predicate<T> matches;
        private final long offset;
        private final int limit;
        private final List<T> kept = new ArrayList<>();
        private long count;

        Matches(Predicate<T> matches, long offset, int limit) {
            this.matches = matches;
            this.offset = offset;
            this.limit = limit;
        }

        void offer(T entry) {
            if (matches.test(entry)) {
                if (count++ >= offset && kept.size() < limit) {
                    kept.add(entry);
                }
            }
        }
    }
}
