package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.history.outbox.JournaledOutbox;
import dev.berth.it.Berth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A database for one test, with the tables of a server and one user. */
public final class OwnDatabase {
    public final Vertx vertx = Vertx.vertx();
    public final Database database;
    public final JournaledOutbox outbox;
    private final URI uri;

    /** @param dataDir for its journal */
    public OwnDatabase(Path dataDir) throws Exception {
        this(dataDir, URI.create(Berth.newDatabase()));
    }

    /** @param uri a database without a user, of this version or an earlier one */
    OwnDatabase(Path dataDir, URI uri) throws Exception {
        this.uri = uri;
        Database.migrate(uri);
        database = new Database(vertx, uri, 2);
        outbox = new JournaledOutbox(vertx, database, dataDir.resolve("journal"));
        await(outbox.start());
        sql("insert into users (name) values ('somebody')", Tuple.tuple());
    }

    public URI uri() {
        return uri;
    }

    public void close() throws Exception {
        await(outbox.close().eventually(database::close));
        // Awaited on this thread: what is composed on a closed event loop never completes.
        await(vertx.close());
    }

    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    }

    public void sql(String statement, Tuple values) throws Exception {
        await(database.rows(statement, values));
    }
}
