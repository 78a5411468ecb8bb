package dev.berth;

import dev.berth.config.ConfigLoader;
import dev.berth.mcp.StdioBridge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A server of the Model Context Protocol over standard input and output, for a client that starts it. Works with the server at {@code
 * BERTH_URL}, or starts one of its own that listens on loopback alone; its data goes with it where no folder is configured.
 */
final class McpCommand {
    private static final String URL = "BERTH_URL";
    private static final String KEY = "BERTH_API_KEY";
    private static final String DATA = "BERTH_DATA_DIR";

    private final Vertx vertx;
    private final Map<String, String> environment;

    McpCommand(Vertx vertx, Map<String, String> environment) {
        this.vertx = vertx;
        this.environment = environment;
    }

    /** What must be closed at the end. */
    record Running(StdioBridge bridge, StartedParts parts) {
        Future<Void> close() {
            return parts.end();
        }
    }

    Future<Running> start(PrintStream out) {
        StartedParts parts = new StartedParts();
        String url = environment.getOrDefault(URL, "");
        if (url.isEmpty()) {
            return embedded(parts, out).recover(e -> parts.end().transform(ended -> Future.failedFuture(e)));
        }
        String key = environment.getOrDefault(KEY, "");
        return key.isEmpty()
                ? StartException.fail(KEY + " must be a key of the server at " + URL, null)
                : Future.succeededFuture(new Running(new StdioBridge(vertx, url, key, out), parts));
    }

    private Future<Running> embedded(StartedParts parts, PrintStream out) {
        String key = "berth_" + UUID.randomUUID();
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("BERTH_HTTP_HOST", "127.0.0.1");
        settings.put("BERTH_HTTP_PORT", "0");
        settings.remove("BERTH_PUBLIC_URL");
        settings.put(KEY, key);
        return folder(parts, settings)
                .compose(done -> ConfigLoader.load(vertx, settings))
                .compose(config -> Server.start(vertx, config))
                .map(server -> {
                    parts.add(server::close);
                    return new Running(new StdioBridge(vertx, server.url(), key, out), parts);
                });
    }

    private Future<Void> folder(StartedParts parts, Map<String, String> settings) {
        return settings.containsKey(DATA)
                ? Future.succeededFuture()
                : vertx.executeBlocking(RehearsalFolder::make).map(folder -> {
                    parts.add(() -> vertx.executeBlocking(folder::remove, false));
                    settings.put(DATA, folder.path().toString());
                    return null;
                });
    }
}
