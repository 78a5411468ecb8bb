package dev.berth.http.routes;

import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.SessionAccess;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogPage;
import dev.berth.logs.LogReader;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The logs of the session that a request names, whether it is live or has ended. For any event loop. */
public final class ReadableLogs {
    private final SessionAccess access;
    private final LogReader reader;
    private final EndedLogs ended;

    public ReadableLogs(SessionAccess access, LogReader reader, EndedLogs ended) {
        this.access = access;
        this.reader = reader;
        this.ended = ended;
    }

    /** The latest navigations, oldest first. */
    public Future<List<NavigationEntry>> navigations(RoutingContext ctx) {
        return access.describe(ctx).map(SessionDescription::navigations);
    }

    /** The entries from {@code offset} on, at most {@code limit}. */
    public Future<LogPage> page(RoutingContext ctx, LogKind kind, long offset, int limit) {
        return reader.page(LinkAccess.holder(ctx), log(ctx, kind), offset, limit, ctx.response()::closed);
    }

    /** The same of the entries that meet all conditions. */
    public Future<LogPage> filter(
            RoutingContext ctx, LogKind kind, List<Condition> conditions, long offset, int limit) {
        return reader.filter(LinkAccess.holder(ctx), log(ctx, kind), conditions, offset, limit, ctx.response()::closed);
    }

    /** Shows all entries to {@code visitor}. */
    Future<Void> visit(RoutingContext ctx, LogKind kind, LogReader.Visitor visitor) {
        return reader.visit(LinkAccess.holder(ctx), log(ctx, kind), visitor, ctx.response()::closed);
    }

    private LogReader.Log log(RoutingContext ctx, LogKind kind) {
        return (offset, limit) -> access.ask(
                ctx,
                new ReadLog(kind, offset, limit),
                Future::succeededFuture,
                row -> ended.read(row.sessionId(), kind, offset, limit));
    }
}
