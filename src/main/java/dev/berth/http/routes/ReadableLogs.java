package dev.berth.http.routes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.SessionAccess;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogPage;
import dev.berth.logs.LogReader;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.LogTail;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;

/** The logs of the session that a request names, whether it is live or has ended. For any event loop. */
public final class ReadableLogs {
    /** Limit for the parts of all remembered indexes: some 20 MiB. */
    private static final int MAX_PARTS = 100_000;

    private final SessionAccess access;
    private final LogReader reader;
    private final EndedLogs ended;
    /**
     * Indexes of logs that are over and in the object store as a whole: a client that reads on asks neither the bus nor Postgres for each
     * page. For 2 s a log may be answered without the lines that its node, which was killed, ships when it starts again.
     */
    private final Cache<OwnedLog, LogTail> over = Caffeine.newBuilder()
            .executor(Runnable::run)
            .expireAfterWrite(Duration.ofSeconds(2))
            .maximumWeight(MAX_PARTS)
            .weigher((OwnedLog log, LogTail index) -> 1 + index.chunks().size())
            .build();

    private record OwnedLog(long user, SessionId session, LogKind kind) {}

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
        return (offset, limit) -> {
            OwnedLog log = new OwnedLog(Authentication.user(ctx), SessionAccess.id(ctx), kind);
            LogTail known = over.getIfPresent(log);
            return known != null
                    ? Future.succeededFuture(known)
                    : access.ask(
                            ctx,
                            new ReadLog(kind, offset, limit),
                            Future::succeededFuture,
                            row -> read(log, row, offset, limit));
        };
    }

    private Future<LogTail> read(OwnedLog log, SessionDescription row, long offset, int limit) {
        boolean whole = row.status().terminal() && ended.isShipped(log.session(), log.kind());
        return ended.read(log.session(), log.kind(), offset, limit).onSuccess(index -> {
            if (whole) {
                over.put(log, index);
            }
        });
    }
}
