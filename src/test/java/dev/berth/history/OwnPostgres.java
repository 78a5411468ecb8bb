package dev.berth.history;

import dev.berth.config.ConfigLoader;
import dev.berth.embedded.EmbeddedServers;
import dev.berth.it.Berth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Postgres for one test, with the tables of a server and one user. */
public final class OwnPostgres {
    public final Vertx vertx = Vertx.vertx();
    final Path dataDir;
    public final Database database;
    public final Outbox outbox;
    private final URI uri;
    private final EmbeddedServers servers;

    public OwnPostgres(Path dataDir) throws Exception {
        this.dataDir = dataDir;
        // The first Postgres of a JVM decides where the binaries are unpacked, and they must stay there.
        Berth.shared();
        Map<String, String> settings = Map.of(
                "BERTH_DATA_DIR", dataDir.toString(),
                "BERTH_S3_ENDPOINT", "http://127.0.0.1:1",
                "BERTH_S3_ACCESS_KEY", "unused",
                "BERTH_S3_SECRET_KEY", "unused");
        var config = await(ConfigLoader.load(vertx, settings));
        // As in the data directory of a server.
        Files.createDirectory(dataDir.resolve("postgres"));
        servers = await(EmbeddedServers.start(vertx, config));
        uri = servers.addressed(config).postgres().uri().orElseThrow();
        Database.migrate(uri);
        database = new Database(vertx, uri, 2);
        outbox = new Outbox(vertx, database, dataDir.resolve("journal"));
        await(outbox.start());
        sql("insert into users (name) values ('somebody')", Tuple.tuple());
    }

    public URI uri() {
        return uri;
    }

    public void close() throws Exception {
        await(outbox.close().eventually(database::close).eventually(servers::close));
        // Awaited on this thread: what is composed on a closed event loop never completes.
        await(vertx.close());
    }

    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    }

    public void sql(String statement, Tuple values) throws Exception {
        await(database.pool().preparedQuery(statement).execute(values));
    }
}
