package dev.berth.http.routes;

import dev.berth.artifact.LogReader;
import dev.berth.artifact.LogReader.Part;
import dev.berth.http.access.Authentication;
import dev.berth.http.access.SessionAccess;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionCommand.ReadBodies;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** The logs of the session that a request names, whether it is live or has ended. For any event loop. */
public final class ReadableLogs {
    private final SessionAccess access;
    private final EndedLogs ended;

    public ReadableLogs(SessionAccess access, EndedLogs ended) {
        this.access = access;
        this.ended = ended;
    }

    LogReader.Log console(RoutingContext ctx) {
        return log(
                ctx,
                LogKind.CONSOLE,
                (offset, limit) -> access.ask(
                        ctx,
                        new ReadConsole(offset, limit),
                        tail -> Future.succeededFuture(
                                new Part(tail.total(), tail.chunks(), tail.firstOffset(), tail.lines())),
                        over -> sealed(over, name(ctx, LogKind.CONSOLE), offset, limit)));
    }

    LogReader.Log network(RoutingContext ctx) {
        return log(
                ctx,
                LogKind.NETWORK,
                (offset, limit) -> access.ask(
                        ctx,
                        new ReadNetwork(offset, limit),
                        tail -> Future.succeededFuture(
                                new Part(tail.total(), tail.chunks(), tail.firstOffset(), tail.lines())),
                        over -> sealed(over, name(ctx, LogKind.NETWORK), offset, limit)));
    }

    LogReader.Log bodies(RoutingContext ctx) {
        return log(
                ctx,
                LogKind.BODIES,
                (offset, limit) -> access.ask(
                        ctx,
                        new ReadBodies(offset, limit),
                        tail -> Future.succeededFuture(
                                new Part(tail.total(), tail.chunks(), tail.firstOffset(), tail.lines())),
                        over -> sealed(over, name(ctx, LogKind.BODIES), offset, limit)));
    }

    private LogReader.Log log(RoutingContext ctx, LogKind kind, LogReader.Log live) {
        EndedLogs.Log named = name(ctx, kind);
        return (offset, limit) -> ended.find(named, offset, limit).orElseGet(() -> live.part(offset, limit));
    }

    /** A session that does not answer may be about to start, so only an ended one is cached. */
    private Future<Part> sealed(SessionDescription session, EndedLogs.Log log, long offset, int limit) {
        return session.endedAt().isPresent() ? ended.read(log, offset, limit) : ended.readOnce(log, offset, limit);
    }

    private static EndedLogs.Log name(RoutingContext ctx, LogKind kind) {
        return new EndedLogs.Log(Authentication.user(ctx), SessionAccess.id(ctx), kind);
    }
}
