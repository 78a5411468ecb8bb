package dev.berth.embedded;

import dev.berth.config.ObjectStoreConfig;
import dev.berth.config.PostgresConfig;
import dev.berth.config.ServerConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Postgres and S3 servers that run because no address is configured for them. */
public final class EmbeddedServers {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedServers.class);
    /** The pause between the death of Postgres and its next start, and after a start that failed. */
    private static final long REST_MILLIS = 2_000;

    private final Vertx vertx;
    private final Optional<PostgresServer> postgres;
    private final Optional<S3Server> s3;

    private EmbeddedServers(Vertx vertx, Optional<PostgresServer> postgres, Optional<S3Server> s3) {
        this.vertx = vertx;
        this.postgres = postgres;
        this.s3 = s3;
        postgres.ifPresent(this::watch);
    }

    /** Starts the servers for which {@code config} has no address, both at the same time. */
    public static Future<EmbeddedServers> start(Vertx vertx, ServerConfig config) {
        Future<Optional<PostgresServer>> postgres = config.postgres().uri().isPresent()
                ? Future.succeededFuture(Optional.empty())
                : vertx.executeBlocking(() -> Optional.of(PostgresServer.start(config.dataDir())), false);
        Future<Optional<S3Server>> s3 = config.objectStore().endpoint().isPresent()
                ? Future.succeededFuture(Optional.empty())
                : vertx.executeBlocking(() -> Optional.of(S3Server.start(config.dataDir())), false);
        return Future.join(postgres, s3).transform(both -> {
            EmbeddedServers started = new EmbeddedServers(
                    vertx,
                    postgres.succeeded() ? postgres.result() : Optional.empty(),
                    s3.succeeded() ? s3.result() : Optional.empty());
            return both.succeeded()
                    ? Future.succeededFuture(started)
                    : started.close().transform(closed -> Future.failedFuture(both.cause()));
        });
    }

    /** Starts Postgres again whenever it has died. Committed data is kept, and clients reconnect. */
    private void watch(PostgresServer server) {
        server.ended().thenRun(() -> {
            if (!server.isClosed()) {
                vertx.setTimer(REST_MILLIS, rested -> revive(server));
            }
        });
    }

    private void revive(PostgresServer server) {
        log.warn("the embedded Postgres exited and is being restarted; its log is postgres.log in the data directory");
        vertx.executeBlocking(
                        () -> {
                            server.revive();
                            return null;
                        },
                        false)
                .onFailure(e -> log.error("the embedded Postgres could not be restarted: {}", e.getMessage()))
                .onComplete(done -> watch(server));
    }

    /** A copy of {@code config} with the addresses of these servers. */
    public ServerConfig addressed(ServerConfig config) {
        ObjectStoreConfig store = config.objectStore();
        return config.withServers(
                new PostgresConfig(
                        postgres.map(PostgresServer::uri)
                                .or(() -> config.postgres().uri()),
                        config.postgres().poolSize()),
                s3.map(server -> new ObjectStoreConfig(
                                Optional.of(server.endpoint()),
                                store.publicEndpoint(),
                                S3Server.ACCESS_KEY,
                                server.secretKey(),
                                store.bucket(),
                                store.region(),
                                store.presignSeconds()))
                        .orElse(store));
    }

    public boolean hasPostgres() {
        return postgres.isPresent();
    }

    public boolean hasS3() {
        return s3.isPresent();
    }

    /** The URI of the Postgres that another process runs on this data directory; empty if none runs. */
    public static Future<Optional<URI>> runningPostgres(Vertx vertx, Path dataDir) {
        return vertx.executeBlocking(() -> PostgresServer.running(dataDir), false);
    }

    public Future<Void> close() {
        return Future.join(Stream.<Optional<? extends AutoCloseable>>of(postgres, s3)
                        .flatMap(Optional::stream)
                        .map(this::close)
                        .toList())
                .mapEmpty();
    }

    private Future<?> close(AutoCloseable server) {
        return vertx.executeBlocking(
                () -> {
                    server.close();
                    return null;
                },
                false);
    }
}
