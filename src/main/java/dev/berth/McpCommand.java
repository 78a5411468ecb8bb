package dev.berth;

import dev.berth.config.ConfigLoader;
import dev.berth.mcp.StdioBridge;
import dev.berth.node.StartException;
import dev.berth.node.StartedParts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The server of a client of the Model Context Protocol that starts this process: the one at {@code BERTH_URL}, or one of its own that
 * listens on loopback alone; its data goes with it where no folder is configured.
 */
final class McpCommand {
    private static final String URL = "BERTH_URL";
    private static final String KEY = "BERTH_API_KEY";
    private static final String DATA = "BERTH_DATA_DIR";

    private final Vertx vertx;
    private final Map<String, String> environment;
    private final StartedParts parts = new StartedParts();

    McpCommand(Vertx vertx, Map<String, String> environment) {
        this.vertx = vertx;
        this.environment = environment;
    }

    /** Completes when the server is up. */
    Future<StdioBridge.Endpoint> start() {
        String url = environment.getOrDefault(URL, "");
        if (url.isEmpty()) {
            return embedded().recover(e -> parts.end().transform(ended -> Future.failedFuture(e)));
        }
        String key = environment.getOrDefault(KEY, "");
        return key.isEmpty()
                ? StartException.fail(KEY + " must be a key of the server at " + URL, null)
                : Future.succeededFuture(StdioBridge.Endpoint.at(url, key));
    }

    Future<Void> close() {
        return parts.end();
    }

    private Future<StdioBridge.Endpoint> embedded() {
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("BERTH_HTTP_HOST", "127.0.0.1");
        settings.put("BERTH_HTTP_PORT", "0");
        settings.remove("BERTH_PUBLIC_URL");
        // The settings' file may name a certificate, which is for another host than 127.0.0.1.
        settings.put("BERTH_HTTP_TLS_CERT", "");
        settings.put("BERTH_HTTP_TLS_KEY", "");
        return folder(settings)
                .compose(done -> ConfigLoader.load(vertx, settings))
                .compose(config -> Server.start(vertx, config))
                .compose(server -> {
                    parts.add(server::close);
                    return vertx.executeBlocking(server::apiKey)
                            .compose(key -> key.map(own -> StdioBridge.Endpoint.at(server.url(), own))
                                    .map(Future::succeededFuture)
                                    .orElseGet(() -> StartException.fail(
                                            "the key in " + DATA + " no longer exists: set " + KEY + " to another key",
                                            null)));
                });
    }

    /** A key that is not configured is the one that the folder keeps. */
    private Future<Void> folder(Map<String, String> settings) {
        return settings.containsKey(DATA)
                ? Future.succeededFuture()
                : vertx.fileSystem().createTempDirectory("berth-mcp").compose(folder -> {
                    parts.add(() -> vertx.fileSystem().deleteRecursive(folder));
                    settings.put(DATA, folder);
                    settings.put(KEY, "berth_" + UUID.randomUUID());
                    return vertx.executeBlocking(() -> watch(folder)).mapEmpty();
                });
    }

    /**
     * Removes a folder when this process ends, however it ends. A shell in a session of its own reads a pipe whose other end only this
     * process has open. Programs that still write into the folder end with this process, but a moment later.
     */
    private static Process watch(String folder) throws IOException {
        String script = """
                trap '' HUP INT TERM
                cat
                for try in 1 2 3 4 5 6 7 8 9 10; do
                  rm -rf -- "$1"
                  [ -e "$1" ] || exit 0
                  sleep 1
                done
                """;
        return new ProcessBuilder("setsid", "sh", "-c", script, "berth-folder-guard", folder)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
