package dev.berth.http;

import dev.berth.history.LogChunkRepository;
import dev.berth.http.LogReader.Page;
import dev.berth.http.LogReader.Source;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionReply.SessionSnapshot;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The console and network logs, of live and ended sessions. */
final class LogRoutes {
    private static final int DEFAULT_LIMIT = 100;

    private final SessionAccess access;
    private final LogChunkRepository index;
    private final LogReader reader;

    LogRoutes(SessionAccess access, LogChunkRepository index, LogReader reader) {
        this.access = access;
        this.index = index;
        this.reader = reader;
    }

    /** Part of the console. */
    record Console(List<ConsoleEntry> logs, long total) {}

    Future<Console> console(RoutingContext ctx) {
        Query query = Query.of(ctx);
        Optional<Predicate<ConsoleEntry>> filter = query.text("level")
                .map(level -> entry -> entry.level().wireName().equals(level));
        Range range = Range.of(query, filter.isPresent());
        Future<Source<ConsoleEntry>> source = access.ask(
                ctx,
                new ReadConsole(range.offset(), range.limit()),
                tail -> Future.succeededFuture(
                        new Source<>(tail.total(), tail.chunks(), tail.firstOffset(), tail.entries())),
                ended -> sealed(ended, LogKind.CONSOLE));
        return source.compose(s -> page(s, ConsoleEntry.class, query, filter))
                .map(page -> new Console(page.entries(), page.total()));
    }

    /** Part of the network log. */
    record Network(List<NetworkEntry> requests, long total) {}

    Future<Network> network(RoutingContext ctx) {
        Query query = Query.of(ctx);
        Optional<Predicate<NetworkEntry>> filter = networkFilter(query);
        Range range = Range.of(query, filter.isPresent());
        Future<Source<NetworkEntry>> source = access.ask(
                ctx,
                new ReadNetwork(range.offset(), range.limit()),
                tail -> Future.succeededFuture(
                        new Source<>(tail.total(), tail.chunks(), tail.firstOffset(), tail.entries())),
                ended -> sealed(ended, LogKind.NETWORK));
        return source.compose(s -> page(s, NetworkEntry.class, query, filter))
                .map(page -> new Network(page.entries(), page.total()));
    }

    private static Optional<Predicate<NetworkEntry>> networkFilter(Query query) {
        Optional<Predicate<NetworkEntry>> status = query.number("status")
                .map(wanted ->
                        entry -> entry.status().map(s -> s == wanted.intValue()).orElse(false));
        Optional<Predicate<NetworkEntry>> method =
                query.text("method").map(wanted -> entry -> entry.method().equalsIgnoreCase(wanted));
        return status.map(s -> method.map(s::and).orElse(s)).or(() -> method);
    }

    /** What to ask of the session: to filter, everything. */
    private record Range(long offset, int limit) {
        static Range of(Query query, boolean filtered) {
            return filtered ? new Range(0, Integer.MAX_VALUE) : new Range(query.offset(), query.limit(DEFAULT_LIMIT));
        }
    }

    private <T> Future<Source<T>> sealed(SessionSnapshot session, LogKind kind) {
        return index.list(session.sessionId(), kind).map(LogReader::sealed);
    }

    private <T> Future<Page<T>> page(Source<T> source, Class<T> type, Query query, Optional<Predicate<T>> filter) {
        int limit = query.limit(DEFAULT_LIMIT);
        return filter.map(matches -> reader.filter(source, type, matches, query.offset(), limit))
                .orElseGet(() -> reader.read(source, type, query.offset(), limit));
    }
}
