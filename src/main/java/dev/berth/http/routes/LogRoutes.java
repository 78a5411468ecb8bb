package dev.berth.http.routes;

import dev.berth.artifact.LogPage;
import dev.berth.artifact.LogReader;
import dev.berth.artifact.LogReader.Part;
import dev.berth.http.access.Authentication;
import dev.berth.http.access.SessionAccess;
import dev.berth.http.request.Answers;
import dev.berth.http.validation.QueryParameters;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines.FieldIs;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The console and network logs of live and ended sessions. */
public final class LogRoutes {
    private static final int DEFAULT_LIMIT = 100;

    private final SessionAccess access;
    private final EndedLogs ended;
    private final LogReader reader;

    public LogRoutes(SessionAccess access, EndedLogs ended, LogReader reader) {
        this.access = access;
        this.ended = ended;
        this.reader = reader;
    }

    /**
     * A part of a log, as it is sent.
     *
     * @param name of the field with the entries
     */
    public record Listed(String name, LogPage page) implements Answers.Written {
        @Override
        public long chars() {
            return page.bytes();
        }

        @Override
        public Buffer json() {
            return page.json(name);
        }
    }

    public Future<Listed> console(RoutingContext ctx) {
        List<FieldIs> level = QueryParameters.of(ctx).text("level").map(wanted -> text("level", wanted)).stream()
                .toList();
        LogReader.Log live = (offset, limit) -> access.ask(
                ctx,
                new ReadConsole(offset, limit),
                tail -> Future.succeededFuture(new Part(tail.total(), tail.chunks(), tail.firstOffset(), tail.lines())),
                over -> sealed(over, log(ctx, LogKind.CONSOLE), offset, limit));
        return page(ctx, LogKind.CONSOLE, live, level).map(page -> new Listed("logs", page));
    }

    public Future<Listed> network(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        List<FieldIs> conditions = Stream.concat(
                        query.number("status").map(wanted -> new FieldIs("status", wanted.toString())).stream(),
                        query.text("method").map(wanted -> text("method", wanted)).stream())
                .toList();
        LogReader.Log live = (offset, limit) -> access.ask(
                ctx,
                new ReadNetwork(offset, limit),
                tail -> Future.succeededFuture(new Part(tail.total(), tail.chunks(), tail.firstOffset(), tail.lines())),
                over -> sealed(over, log(ctx, LogKind.NETWORK), offset, limit));
        return page(ctx, LogKind.NETWORK, live, conditions).map(page -> new Listed("requests", page));
    }

    /** A session that does not answer may be about to start, so only an ended one is cached. */
    private Future<Part> sealed(SessionDescription session, EndedLogs.Log log, long offset, int limit) {
        return session.endedAt().isPresent() ? ended.read(log, offset, limit) : ended.readOnce(log, offset, limit);
    }

    /** No escaping: the contract allows only letters in these parameters. */
    private static FieldIs text(String field, String value) {
        return new FieldIs(field, '"' + value + '"');
    }

    private static EndedLogs.Log log(RoutingContext ctx, LogKind kind) {
        return new EndedLogs.Log(Authentication.user(ctx), SessionAccess.id(ctx), kind);
    }

    private Future<LogPage> page(RoutingContext ctx, LogKind kind, LogReader.Log live, List<FieldIs> conditions) {
        EndedLogs.Log named = log(ctx, kind);
        LogReader.Log log =
                (offset, limit) -> ended.find(named, offset, limit).orElseGet(() -> live.part(offset, limit));
        long offset = QueryParameters.of(ctx).offset();
        int limit = QueryParameters.of(ctx).limit(DEFAULT_LIMIT);
        BooleanSupplier stop = () -> ctx.response().closed();
        return conditions.isEmpty()
                ? reader.page(named.user(), log, offset, limit, stop)
                : reader.filter(named.user(), log, conditions, offset, limit, stop);
    }
}
