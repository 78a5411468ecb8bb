package dev.berth;

import dev.berth.config.ServerConfig;
import dev.berth.http.McpRequests;
import dev.berth.mcp.McpEndpoint;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import io.vertx.core.Vertx;
import java.util.Optional;

/** Starts the node's MCP server. */
final class NodeMcp {
    private NodeMcp() {}

    static McpEndpoint start(
            Vertx vertx, String machineId, ServerConfig config, NodeStorage storage, StartedParts parts) {
        McpEndpoint mcp = new McpEndpoint(
                vertx,
                machineId,
                new SessionClient(vertx).at(machineId),
                options(config.sessions()),
                McpRequests::counted,
                storage.store(),
                storage.logs());
        parts.add(mcp::close);
        return mcp;
    }

    /** Bodies are kept: a tool reads them. */
    private static SessionOptions options(ServerConfig.Sessions sessions) {
        return new SessionOptions(
                SessionOptions.CHROMIUM,
                Viewport.DEFAULT,
                new SessionTimeouts(
                        sessions.idleTimeoutMillis(), sessions.lifetimeMillis(), sessions.reconnectMillis()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                true);
    }
}
