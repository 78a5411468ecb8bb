package dev.berth.bench;

import dev.berth.Server;
import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A server in this JVM, on a Vert.x of its own. */
final class BerthServer {
    static final String KEY = "a-key-for-the-benchmark";

    final Vertx vertx;
    final Server server;
    final Path dataDir;
    final Api api;

    private BerthServer(Vertx vertx, Server server, Path dataDir) {
        this.vertx = vertx;
        this.server = server;
        this.dataDir = dataDir;
        this.api = new Api(server.url(), KEY);
    }

    static BerthServer start(Path dataDir, Map<String, String> settings) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        Map<String, String> environment = new HashMap<>(environment(dataDir));
        environment.putAll(settings);
        Server server = Rig.await(ConfigLoader.load(vertx, environment).compose(config -> Server.start(vertx, config)));
        return new BerthServer(vertx, server, dataDir);
    }

    static Map<String, String> environment(Path dataDir) {
        return Map.of(
                "BERTH_DATA_DIR",
                dataDir.toString(),
                "BERTH_HTTP_PORT",
                "0",
                "BERTH_API_KEY",
                KEY,
                "BERTH_SESSIONS_MAX",
                "64");
    }

    /** Settings for another server with the same Postgres and S3. */
    Map<String, String> shared() {
        ServerConfig config = server.config();
        return Map.of(
                "BERTH_POSTGRES_URI", config.postgres().uri().orElseThrow().toString(),
                "BERTH_S3_ENDPOINT",
                        config.objectStore().endpoint().orElseThrow().toString(),
                "BERTH_S3_ACCESS_KEY", config.objectStore().accessKey(),
                "BERTH_S3_SECRET_KEY", config.objectStore().secretKey());
    }

    void close() {
        Rig.await(server.close());
        Rig.await(vertx.close());
    }
}
