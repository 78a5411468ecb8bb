package dev.berth.mcp;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * The browser session of one call that belongs to no session of MCP: the session that the call names, or the only live one of its key.
 * On the call's context.
 */
final class CallWorkbench extends Workbench {
    private final Context context;
    private final KeySessions sessions;
    private final Caller caller;
    private final Optional<SessionId> named;
    private final Optional<String> profile;

    /** @param profile of the session, where the call does not name the session itself */
    CallWorkbench(
            Context context,
            SessionClient client,
            Caller caller,
            SessionOptions defaults,
            KeySessions sessions,
            Optional<SessionId> named,
            Optional<String> profile) {
        super(client, caller, defaults);
        this.context = context;
        this.sessions = sessions;
        this.caller = caller;
        this.named = named;
        this.profile = profile;
    }

    @Override
    Future<SessionId> session() {
        return named.map(this::use)
                .orElseGet(() -> LoopPromise.on(context, sessions.findOrMake(this, caller, profile)));
    }

    @Override
    Future<SessionId> existing() {
        return named.map(this::use)
                .orElseGet(() -> sessions.find(caller, profile)
                        .compose(found -> found.map(Future::succeededFuture).orElseGet(ClientWorkbench::none)));
    }

    @Override
    Future<SessionId> end() {
        return existing()
                .compose(id -> ask(id, new EndSession(EndReason.CLIENT)).map(id));
    }

    @Override
    Future<SessionId> renew(SessionOptions options) {
        return sessions.make(this, options);
    }

    /** Fails with {@code session_not_found} for a session of another user, before anything is done in that user's session. */
    @Override
    Future<SessionId> use(SessionId id) {
        return client().ask(id, new DescribeSession()).map(id);
    }

    @Override
    <T> Future<T> watched(SessionId id, Future<T> result) {
        return result;
    }
}
