package dev.berth.http.routes;

import dev.berth.artifact.LogReader;
import dev.berth.artifact.LogReader.Part;
import dev.berth.http.access.Authentication;
import dev.berth.http.access.SessionAccess;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.ReadBodies;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionReply.LogTail;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The logs of the session that a request names, whether it is live or has ended. For any event loop. */
public final class ReadableLogs {
    private final SessionAccess access;
    private final EndedLogs ended;

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
        EndedLogs.Log log = name(ctx, kind);
        return (offset, limit) -> ended.find(log, offset, limit)
                .orElseGet(() -> access.ask(
                        ctx,
                        read.command(offset, limit),
                        tail -> Future.succeededFuture(Part.of(tail)),
                        over -> sealed(over, log, offset, limit)));
    }

    /** A session that does not answer may be about to start, so only an ended one is cached. */
    private Future<Part> sealed(SessionDescription session, EndedLogs.Log log, long offset, int limit) {
        return session.endedAt().isPresent() ? ended.read(log, offset, limit) : ended.readOnce(log, offset, limit);
    }

    private static EndedLogs.Log name(RoutingContext ctx, LogKind kind) {
        return new EndedLogs.Log(Authentication.user(ctx), SessionAccess.id(ctx), kind);
    }
}
