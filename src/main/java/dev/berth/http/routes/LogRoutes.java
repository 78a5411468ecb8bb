package dev.berth.http.routes;

import dev.berth.artifact.LogPage;
import dev.berth.artifact.LogReader;
import dev.berth.http.access.Authentication;
import dev.berth.http.request.Answers;
import dev.berth.http.validation.QueryParameters;
import dev.berth.protocol.LogLines.FieldIs;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The console and network logs of live and ended sessions. */
public final class LogRoutes {
    private static final int DEFAULT_LIMIT = 100;

    private final ReadableLogs logs;
    private final LogReader reader;

    public LogRoutes(ReadableLogs logs, LogReader reader) {
        this.logs = logs;
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
        return page(ctx, logs.console(ctx), level).map(page -> new Listed("logs", page));
    }

    public Future<Listed> network(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        List<FieldIs> conditions = Stream.concat(
                        query.number("status").map(wanted -> new FieldIs("status", wanted.toString())).stream(),
                        query.text("method").map(wanted -> text("method", wanted)).stream())
                .toList();
        return page(ctx, logs.network(ctx), conditions).map(page -> new Listed("requests", page));
    }

    /** No escaping: the contract allows only letters in these parameters. */
    private static FieldIs text(String field, String value) {
        return new FieldIs(field, '"' + value + '"');
    }

    private Future<LogPage> page(RoutingContext ctx, LogReader.Log log, List<FieldIs> conditions) {
        long user = Authentication.user(ctx);
        long offset = QueryParameters.of(ctx).offset();
        int limit = QueryParameters.of(ctx).limit(DEFAULT_LIMIT);
        BooleanSupplier stop = () -> ctx.response().closed();
        return conditions.isEmpty()
                ? reader.page(user, log, offset, limit, stop)
                : reader.filter(user, log, conditions, offset, limit, stop);
    }
}
