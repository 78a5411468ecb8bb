package dev.berth.http.routes;

import dev.berth.artifact.LogReader;
import dev.berth.artifact.LogReader.Page;
import dev.berth.artifact.LogReader.Source;
import dev.berth.history.LogChunkRepository;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.Query;
import dev.berth.http.request.SessionAccess;
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
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The console and network logs, of live and ended sessions. */
public final class LogRoutes {
    private static final int DEFAULT_LIMIT = 100;

    private final SessionAccess access;
    private final LogChunkRepository index;
    private final LogReader reader;
    private final LogFilter filter;

    public LogRoutes(SessionAccess access, LogChunkRepository index, LogReader reader, LogFilter filter) {
        this.access = access;
        this.index = index;
        this.reader = reader;
        this.filter = filter;
    }

    /** Part of the console. */
    public record Console(List<ConsoleEntry> logs, long total) implements Answers.Bulky {
        @Override
        public long chars() {
            return logs.stream().mapToLong(line -> line.message().length()).sum();
        }
    }

    public Future<Console> console(RoutingContext ctx) {
        Optional<Predicate<ConsoleEntry>> matches = Query.of(ctx)
                .text("level")
                .map(level -> entry -> entry.level().wireName().equals(level));
        LogFilter.Log<ConsoleEntry> log = (offset, limit) -> access.ask(
                ctx,
                new ReadConsole(offset, limit),
                tail -> Future.succeededFuture(
                        new Source<>(tail.total(), tail.chunks(), tail.firstOffset(), tail.entries())),
                ended -> sealed(ended, LogKind.CONSOLE, offset, limit));
        return page(ctx, log, ConsoleEntry.class, matches).map(page -> new Console(page.entries(), page.total()));
    }

    /** Part of the network log. */
    public record Network(List<NetworkEntry> requests, long total) implements Answers.Bulky {
        /** Each has its headers: some thousand characters. */
        private static final long CHARS = 2_000;

        @Override
        public long chars() {
            return requests.size() * CHARS;
        }
    }

    public Future<Network> network(RoutingContext ctx) {
        LogFilter.Log<NetworkEntry> log = (offset, limit) -> access.ask(
                ctx,
                new ReadNetwork(offset, limit),
                tail -> Future.succeededFuture(
                        new Source<>(tail.total(), tail.chunks(), tail.firstOffset(), tail.entries())),
                ended -> sealed(ended, LogKind.NETWORK, offset, limit));
        return page(ctx, log, NetworkEntry.class, networkFilter(Query.of(ctx)))
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

    private <T> Future<Source<T>> sealed(SessionSnapshot session, LogKind kind, long offset, int limit) {
        return index.list(session.sessionId(), kind, offset, limit).map(LogReader::sealed);
    }

    private <T> Future<Page<T>> page(
            RoutingContext ctx, LogFilter.Log<T> log, Class<T> type, Optional<Predicate<T>> matches) {
        long offset = Query.of(ctx).offset();
        int limit = Query.of(ctx).limit(DEFAULT_LIMIT);
        BooleanSupplier stop = () -> ctx.response().closed();
        if (matches.isEmpty()) {
            return log.part(offset, limit).compose(part -> reader.read(part, type, offset, limit, stop));
        }
        return filter.filter(Authentication.user(ctx), log, type, matches.get(), offset, limit, stop);
    }
}
