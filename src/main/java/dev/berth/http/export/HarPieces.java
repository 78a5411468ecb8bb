package dev.berth.http.export;

import dev.berth.har.HarLog;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.ReadableLogs;
import dev.berth.logs.LogPage;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The HAR of a session, piece by piece: reads a few entries of its logs, and writes them on a worker. It ends where the log ended at
 * its beginning, so that it ends although the session goes on. On one event loop.
 */
public final class HarPieces {
    /** An entry may have some 80 KiB. */
    static final int ENTRIES = 100;
    /** A body may have a MiB. */
    static final int ENTRIES_WITH_BODIES = 8;

    private final BiFunction<Long, Integer, Future<LogPage>> network;
    private final Optional<BiFunction<Long, Integer, Future<LogPage>>> bodies;
    private final Supplier<Future<List<NavigationEntry>>> navigations;
    private final WorkerExecutor workers;
    private final HarLog har;
    private long next;
    private long end = Long.MAX_VALUE;
    private boolean over;

    /**
     * @param network reads entries from an offset on
     * @param bodies the same for bodies; empty where they are not wanted
     * @param navigations reads the latest navigations
     */
    HarPieces(
            SessionId session,
            BiFunction<Long, Integer, Future<LogPage>> network,
            Optional<BiFunction<Long, Integer, Future<LogPage>>> bodies,
            Supplier<Future<List<NavigationEntry>>> navigations,
            WorkerExecutor workers) {
        this.network = network;
        this.bodies = bodies;
        this.navigations = navigations;
        this.workers = workers;
        this.har = new HarLog(session);
    }

    /**
     * The HAR of the session that a request names.
     *
     * @param content whether the bodies of responses are wanted
     */
    public static HarPieces of(RoutingContext ctx, boolean content, ReadableLogs logs, WorkerExecutor workers) {
        return new HarPieces(
                SessionAccess.id(ctx),
                (offset, limit) -> logs.page(ctx, LogKind.NETWORK, offset, limit),
                content
                        ? Optional.of((offset, limit) -> logs.page(ctx, LogKind.BODIES, offset, limit))
                        : Optional.empty(),
                () -> logs.navigations(ctx),
                workers);
    }

    /** The next piece; empty after the last. */
    public Future<Optional<Buffer>> next() {
        if (over) {
            return Future.succeededFuture(Optional.empty());
        }
        if (next >= end) {
            over = true;
            return navigations.get().compose(latest -> write(() -> har.end(latest)));
        }
        int limit = (int) Math.min(bodies.isPresent() ? ENTRIES_WITH_BODIES : ENTRIES, end - next);
        return network.apply(next, limit).compose(page -> {
            end = page.count() == 0 ? next : Math.min(end, page.total());
            next = page.end(next);
            return bodies.isPresent() ? withBodies(page) : write(() -> har.entries(entries(page), Map.of()));
        });
    }

    private static List<NetworkEntry> entries(LogPage page) {
        return page.as(NetworkEntry.class);
    }

    private Future<Optional<Buffer>> write(Callable<Buffer> piece) {
        return workers.executeBlocking(() -> Optional.of(piece.call()), false);
    }

    /** Their bodies follow one another in the log of bodies, as the entries do in theirs. */
    private Future<Optional<Buffer>> withBodies(LogPage page) {
        List<NetworkEntry> entries = entries(page);
        List<Long> offsets = entries.stream()
                .flatMap(entry -> entry.body().flatMap(KeptBody::offset).stream())
                .sorted()
                .toList();
        if (offsets.isEmpty()) {
            return write(() -> har.entries(entries, Map.of()));
        }
        long first = offsets.get(0);
        int count = (int) Math.min(ENTRIES_WITH_BODIES, offsets.get(offsets.size() - 1) - first + 1);
        return bodies.orElseThrow()
                .apply(first, count)
                .compose(found -> write(() -> har.entries(entries, found.byOffset(BodyEntry.class))));
    }
}
