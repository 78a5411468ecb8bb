package dev.berth.node;

import dev.berth.artifact.ArtifactStore;
import dev.berth.config.ObjectStoreConfig;
import dev.berth.config.PostgresConfig;
import dev.berth.config.ServerConfig;
import dev.berth.database.Database;
import dev.berth.embedded.EmbeddedServers;
import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/** The servers that Berth uses, without Berth: the configured ones, those of a running Berth, or embedded ones. */
public final class Services {
    /** Chrome's sandbox consists of them. Kernels and containers may forbid them. */
    static final String ALLOW_NAMESPACES =
            "start a container with --security-opt seccomp=docker/seccomp.json; on a machine set"
                    + " kernel.apparmor_restrict_unprivileged_userns (sysctl) to 0, or kernel.unprivileged_userns_clone to 1";

    private static final String ROOTS_POSTGRES = ". If the server runs as root, its Postgres needs user namespaces: "
            + ALLOW_NAMESPACES + "; or run Berth as another user, or set postgres.uri (BERTH_POSTGRES_URI)";

    private final Vertx vertx;
    private final ServerConfig config;
    private final Optional<EmbeddedServers> embedded;
    private final Optional<DataDir> dataDir;

    private Services(Vertx vertx, ServerConfig config, Optional<EmbeddedServers> embedded, Optional<DataDir> dataDir) {
        this.vertx = vertx;
        this.config = config;
        this.embedded = embedded;
        this.dataDir = dataDir;
    }

    /** Starts the embedded servers and creates the tables and the bucket. */
    public static Future<Services> start(Vertx vertx, ServerConfig config) {
        return vertx.executeBlocking(() -> DataDir.open(config.dataDir()), false)
                .compose(dataDir -> startEmbedded(vertx, config, dataDir))
                .compose(services -> services.prepare(services.embedded.orElseThrow())
                        .<Services>map(services)
                        .recover(e -> services.close().transform(closed -> Future.failedFuture(e))));
    }

    /** A Postgres with the current tables, started only if it does not run yet. */
    public static Future<Services> database(Vertx vertx, ServerConfig config) {
        if (config.postgres().uri().isPresent()) {
            Services external = new Services(vertx, config, Optional.empty(), Optional.empty());
            return external.migrate().map(external);
        }
        return vertx.executeBlocking(() -> DataDir.tryOpen(config.dataDir()), false)
                .compose(dataDir ->
                        dataDir.isPresent() ? startEmbedded(vertx, config, dataDir.get()) : ofAnother(vertx, config))
                .compose(services -> services.migrate()
                        .<Services>map(services)
                        .recover(e -> services.close().transform(closed -> Future.failedFuture(e))));
    }

    private static Future<Services> startEmbedded(Vertx vertx, ServerConfig config, DataDir dataDir) {
        return embedded(vertx, config)
                .map(started ->
                        new Services(vertx, started.addressed(config), Optional.of(started), Optional.of(dataDir)))
                .onFailure(e -> dataDir.close());
    }

    /** Starts the servers for which {@code config} has no address. */
    public static Future<EmbeddedServers> embedded(Vertx vertx, ServerConfig config) {
        return EmbeddedServers.start(vertx, config).recover(e -> StartException.fail(whyNot(e), e));
    }

    static String whyNot(Throwable e) {
        String why = StartException.firstLine(e);
        boolean refusesRoot = why.contains("as root") || why.contains("unshare");
        return "the embedded Postgres or S3 server did not start: " + why + (refusesRoot ? ROOTS_POSTGRES : "");
    }

    private static Future<Services> ofAnother(Vertx vertx, ServerConfig config) {
        return EmbeddedServers.runningPostgres(vertx, config.dataDir())
                .map(uri -> uri.orElseThrow(() -> new StartException("the Berth that uses " + config.dataDir()
                        + " is starting or stopping, or has no embedded Postgres; try again, or set"
                        + " BERTH_POSTGRES_URI")))
                .map(uri -> new Services(vertx, at(config, uri), Optional.empty(), Optional.empty()));
    }

    private static ServerConfig at(ServerConfig config, URI uri) {
        return config.withServers(
                new PostgresConfig(Optional.of(uri), config.postgres().poolSize()), config.objectStore());
    }

    /** Prepares the embedded servers only; other servers belong to their operators. */
    private Future<Void> prepare(EmbeddedServers started) {
        ObjectStoreConfig store = config.objectStore();
        Future<Void> tables = started.hasPostgres() ? migrate() : Future.succeededFuture();
        return tables.compose(done -> started.hasS3()
                ? ArtifactStore.makeBucket(vertx, store, store.endpoint().orElseThrow())
                : Future.succeededFuture());
    }

    private Future<Void> migrate() {
        return migrate(vertx, config.postgres().uri().orElseThrow());
    }

    /** Migrates the database to this version. */
    public static Future<Void> migrate(Vertx vertx, URI uri) {
        return vertx.executeBlocking(
                        () -> {
                            Database.migrate(uri);
                            return (Void) null;
                        },
                        false)
                .recover(e -> Future.failedFuture(new StartException(
                        e instanceof BerthException known
                                ? known.getMessage()
                                : "Postgres at " + uri.getHost() + ":" + uri.getPort() + " can't be used: "
                                        + StartException.rootMessage(e) + "; check postgres.uri (BERTH_POSTGRES_URI)",
                        e)));
    }

    /** The settings, with the addresses of the servers. */
    public ServerConfig config() {
        return config;
    }

    /** Works on the database, over a connection of its own. */
    public <T> Future<T> onDatabase(Function<Database, Future<T>> work) {
        Database database = new Database(vertx, config.postgres().uri().orElseThrow(), 1);
        return work.apply(database).eventually(database::close);
    }

    public Future<Void> close() {
        return embedded.map(EmbeddedServers::close)
                .orElseGet(Future::succeededFuture)
                .onComplete(closed -> dataDir.ifPresent(DataDir::close));
    }
}
