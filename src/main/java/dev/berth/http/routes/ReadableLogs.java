package dev.berth.http.routes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.SessionAccess;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogReader;
import dev.berth.logs.LogReader.Part;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.ReadBodies;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.LogTail;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;

/** The logs of the session that a request names, whether it is live or has ended. For any event loop. */
public final class ReadableLogs {
    private final SessionAccess access;
    private final EndedLogs ended;
    /** Sessions of users that are over for good, so that a client that reads on asks neither the bus nor Postgres for each page. */
    private final Cache<Owned, Boolean> over = Caffeine.newBuilder()
            .executor(Runnable::run)
            .expireAfterWrite(Duration.ofSeconds(2))
            .maximumSize(1_000)
            .build();

    private record Owned(long user, SessionId id) {}

    public ReadableLogs(SessionAccess access, EndedLogs ended) {
        this.access = access;
        this.ended = ended;
    }

    /** The latest navigations, oldest first. */
    Future<List<NavigationEntry>> navigations(RoutingContext ctx) {
        return access.describe(ctx).map(SessionDescription::navigations);
    }

    public LogReader.Log console(RoutingContext ctx) {
        return log(ctx, LogKind.CONSOLE, ReadConsole::new);
    }

    public LogReader.Log network(RoutingContext ctx) {
        return log(ctx, LogKind.NETWORK, ReadNetwork::new);
    }

    LogReader.Log bodies(RoutingContext ctx) {
        return log(ctx, LogKind.BODIES, ReadBodies::new);
    }

    /** A part of a live session's log is asked for by a command. */
    @FunctionalInterface
    private interface Read<T extends LogTail> {
        SessionCommand<T> command(long offset, int limit);
    }

    private <T extends LogTail> LogReader.Log log(RoutingContext ctx, LogKind kind, Read<T> read) {
        return (offset, limit) -> {
            Owned session = new Owned(Authentication.user(ctx), SessionAccess.id(ctx));
            return over.getIfPresent(session) != null
                    ? ended.part(session.id(), kind, offset, limit)
                    : access.ask(
                            ctx, read.command(offset, limit), tail -> Future.succeededFuture(Part.of(tail)), row -> {
                                if (row.status().terminal()) {
                                    over.put(session, true);
                                }
                                return ended.part(session.id(), kind, offset, limit);
                            });
        };
    }
}
