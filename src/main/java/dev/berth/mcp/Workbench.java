package dev.berth.mcp;

import dev.berth.mcp.McpEndpoint.SessionLinks;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** The browser session that calls of tools work with. On one context. */
abstract class Workbench {
    private final SessionClient client;
    private final Caller caller;
    private final SessionOptions defaults;

    /**
     * A client, by its API key.
     *
     * @param keyId of the API key, a key of this user
     * @param links to the user's sessions, as this client reaches the server
     */
    record Caller(long userId, long keyId, SessionLinks links) {}

    /** @param defaults of the browser sessions that it makes */
    Workbench(SessionClient client, Caller caller, SessionOptions defaults) {
        this.client = client.as(caller.userId()).from(ActionSource.MCP);
        this.caller = caller;
        this.defaults = defaults;
    }

    SessionClient client() {
        return client;
    }

    long userId() {
        return caller.userId();
    }

    SessionLinks links() {
        return caller.links();
    }

    SessionOptions defaults() {
        return defaults;
    }

    /** The session to work with; makes one where there is none. */
    abstract Future<SessionId> session();

    /** The session to work with; fails where there is none yet. */
    abstract Future<SessionId> existing();

    /** Ends the session to work with; fails where there is none. */
    abstract Future<SessionId> end();

    /** Makes another session with these options. */
    abstract Future<SessionId> renew(SessionOptions options);

    /** Works with a session that the user has already. */
    abstract Future<SessionId> use(SessionId id);

    /** The same result, noting whether the session is over. */
    abstract <T> Future<T> watched(SessionId id, Future<T> result);

    /** Asks the session. */
    <R extends SessionReply> Future<R> ask(SessionId id, SessionCommand<R> command) {
        return watched(id, client.ask(id, command));
    }

    /** Throws {@link dev.berth.protocol.BerthException} where the options are invalid. */
    CreateSession command(SessionOptions options, Map<String, String> labels) {
        return new CreateSession(
                        SessionId.random(), caller.userId(), Optional.empty(), options, labels, Optional.empty())
                .with(caller.keyId());
    }
}
