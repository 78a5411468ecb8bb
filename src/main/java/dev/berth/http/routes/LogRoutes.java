package dev.berth.http.routes;

import dev.berth.http.request.Answers;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.Validation;
import dev.berth.logs.LogPage;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.LogLines.FieldBegins;
import dev.berth.protocol.LogLines.FieldHas;
import dev.berth.protocol.LogLines.FieldIs;
import dev.berth.protocol.LogLines.InstantWithin;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The console and network logs of live and ended sessions. */
public final class LogRoutes {
    private static final int DEFAULT_LIMIT = 100;

    private final ReadableLogs logs;

    public LogRoutes(ReadableLogs logs) {
        this.logs = logs;
    }

    /**
     * A part of a log, as it is sent.
     *
     * @param name of the field with the entries
     */
    public record LogList(String name, LogPage page) implements Answers.Bulky {
        @Override
        public long chars() {
            return page.bytes();
        }

        @Override
        public Buffer json(Links links) {
            return page.json(name);
        }
    }

    public Future<LogList> console(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        List<Condition> conditions = conditions(
                within(query),
                query.text("level").map(wanted -> text("level", wanted)),
                query.text("text").map(wanted -> new FieldHas("message", wanted)));
        return page(ctx, LogKind.CONSOLE, conditions).map(page -> new LogList("logs", page));
    }

    public Future<LogList> network(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        List<Condition> conditions = conditions(
                within(query),
                query.text("status").map(LogRoutes::status),
                query.text("method").map(wanted -> text("method", wanted)),
                query.text("type").map(wanted -> text("resourceType", wanted)),
                query.text("url").map(wanted -> new FieldHas("url", wanted)),
                query.choice("failed")
                        .map(failed -> failed ? new FieldBegins("error", "\"") : new FieldIs("error", "null")));
        return page(ctx, LogKind.NETWORK, conditions).map(page -> new LogList("requests", page));
    }

    @SafeVarargs
    private static List<Condition> conditions(Optional<? extends Condition>... given) {
        return Stream.of(given).<Condition>flatMap(Optional::stream).toList();
    }

    /** Entries of a span of time. */
    private static Optional<InstantWithin> within(QueryParameters query) {
        Optional<Instant> from = query.instant("from");
        Optional<Instant> to = query.instant("to");
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw Validation.invalid("to must be later than from");
        }
        return from.or(() -> to)
                .map(given -> new InstantWithin(
                        "timestamp",
                        from.map(Instant::toEpochMilli).orElse(Long.MIN_VALUE),
                        to.map(Instant::toEpochMilli).orElse(Long.MAX_VALUE)));
    }

    /** The condition for one status, such as {@code 404}, or for a class of them, such as {@code 4xx}. */
    private static Condition status(String wanted) {
        return Character.isDigit(wanted.charAt(1))
                ? new FieldIs("status", wanted)
                : new FieldBegins("status", wanted.substring(0, 1));
    }

    /** No escaping: the contract allows only letters in these parameters. */
    private static FieldIs text(String field, String value) {
        return new FieldIs(field, '"' + value + '"');
    }

    private Future<LogPage> page(RoutingContext ctx, LogKind kind, List<Condition> conditions) {
        long offset = QueryParameters.of(ctx).offset();
        int limit = QueryParameters.of(ctx).limit(DEFAULT_LIMIT);
        return conditions.isEmpty()
                ? logs.page(ctx, kind, offset, limit)
                : logs.filter(ctx, kind, conditions, offset, limit);
    }
}
