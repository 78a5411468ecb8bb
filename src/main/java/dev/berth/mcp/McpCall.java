package dev.berth.mcp;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.CancelAction;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call of a tool, which its client may cancel. On the context of the client's session. */
final class McpCall {
    private static final Logger log = LoggerFactory.getLogger(McpCall.class);

    private final Workbench workbench;
    private final JsonObject arguments;
    private final SessionClient client;
    private final String name = "mcp-" + UUID.randomUUID();
    private Optional<SessionId> acting = Optional.empty();
    private boolean cancelled;

    McpCall(Workbench workbench, JsonObject arguments) {
        this.workbench = workbench;
        this.arguments = arguments;
        this.client = workbench.client().calling(name);
    }

    Workbench workbench() {
        return workbench;
    }

    JsonObject arguments() {
        return arguments;
    }

    /** Acts on the browser session; fails where the call is cancelled. */
    <T> Future<T> act(SessionId id, Function<SessionClient, Future<T>> act) {
        if (cancelled) {
            return Future.failedFuture(new BerthException(ErrorCode.ACTION_FAILED, "the call was cancelled"));
        }
        acting = Optional.of(id);
        return workbench.watched(id, act.apply(client));
    }

    /** The action that runs or waits is given up, and none follows. */
    void cancel() {
        cancelled = true;
        acting.ifPresent(id -> client.ask(id, new CancelAction(name))
                .onFailure(e -> log.debug("{} can't cancel {}: {}", id, name, e.getMessage())));
    }
}
