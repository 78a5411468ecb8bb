package dev.berth;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.LogReader;
import dev.berth.cluster.LostEnds;
import dev.berth.config.ServerConfig;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.Database;
import dev.berth.history.LifecycleRepository;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.LostNodes;
import dev.berth.history.LostSessions;
import dev.berth.history.NodeEpoch;
import dev.berth.history.Notifications;
import dev.berth.history.ObjectIndex;
import dev.berth.history.Outbox;
import dev.berth.history.QueueRepository;
import dev.berth.history.SessionRepository;
import dev.berth.history.StoryRepository;
import dev.berth.history.TaskListing;
import dev.berth.history.TaskRepository;
import dev.berth.history.TaskStory;
import dev.berth.metrics.NodeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node keeps things: Postgres, with what waits for it on disk, and the object store, with its spool.
 *
 * @param epoch by which this process is its node
 * @param countedPerKey how many sessions a key may have in the cluster; absent where a node's own count is enough
 */
record NodeStorage(
        Database database,
        Outbox outbox,
        ObjectIndex objects,
        ArtifactStore store,
        LogReader logs,
        NodeEpoch epoch,
        OptionalInt countedPerKey) {
    /** As many as nobody has. */
    private static final int NO_LIMIT = 1_000_000;

    private static final Logger log = LoggerFactory.getLogger(NodeStorage.class);

    /** @param config has the addresses of both servers */
    static Future<NodeStorage> open(Vertx vertx, ServerConfig config, NodeMetrics metrics, StartedParts parts) {
        Database database = new Database(
                vertx, config.postgres().uri().orElseThrow(), config.postgres().poolSize(), metrics.postgres());
        parts.add(database::close);
        return migrate(vertx, database, config.postgres().uri().orElseThrow())
                .compose(done -> startOutbox(vertx, config, database, parts))
                .compose(outbox -> open(vertx, config, database, outbox, metrics, parts))
                .onSuccess(opened -> opened.tell(metrics));
    }

    private static Future<NodeStorage> open(
            Vertx vertx,
            ServerConfig config,
            Database database,
            Outbox outbox,
            NodeMetrics metrics,
            StartedParts parts) {
        ObjectIndex objects = new ObjectIndex(database, outbox);
        return startStore(vertx, config, objects, metrics, parts).map(store -> {
            LogReader logs = new LogReader(vertx, store::get);
            parts.add(logs::close);
            return new NodeStorage(database, outbox, objects, store, logs, new NodeEpoch(), countedPerKey(config));
        });
    }

    private void tell(NodeMetrics metrics) {
        metrics.tell("berth.spool.objects", "Objects that wait for their upload.", "", store::backlog);
        metrics.tell(
                "berth.postgres.waiting.facts", "Facts on disk that Postgres has not taken yet.", "", outbox::waiting);
    }

    private static OptionalInt countedPerKey(ServerConfig config) {
        int max = config.sessions().maxPerKey();
        return config.cluster().enabled() && max < NO_LIMIT ? OptionalInt.of(max) : OptionalInt.empty();
    }

    private static Future<Void> migrate(Vertx vertx, Database database, URI uri) {
        return database.isCurrent()
                .otherwise(false) // Flyway tells better what is wrong
                .compose(current -> current ? Future.succeededFuture() : Services.migrate(vertx, uri));
    }

    private static Future<Outbox> startOutbox(Vertx vertx, ServerConfig config, Database database, StartedParts parts) {
        Outbox outbox = new Outbox(vertx, database, config.dataDir().resolve("journal"));
        parts.add(outbox::close);
        return outbox.start()
                .<Outbox>map(outbox)
                .recover(e -> StartException.fail(
                        "what an earlier process left for Postgres can't be told: " + e.getMessage(), e));
    }

    private static Future<ArtifactStore> startStore(
            Vertx vertx, ServerConfig config, ObjectIndex objects, NodeMetrics metrics, StartedParts parts) {
        URI endpoint = config.objectStore().endpoint().orElseThrow();
        // Its client takes longer to make than an event loop has.
        return vertx.executeBlocking(() -> new ArtifactStore(
                        vertx,
                        config.objectStore(),
                        endpoint,
                        config.dataDir().resolve("spool"),
                        objects::stored,
                        metrics.objectStore()))
                .onSuccess(made -> parts.add(made::close))
                .compose(made -> made.start(objects::known).map(made))
                .recover(e -> StartException.fail(
                        "the object store at " + endpoint + " can't be used: " + StartException.rootMessage(e)
                                + "; check s3.endpoint (BERTH_S3_ENDPOINT) and its keys",
                        e));
    }

    /**
     * Sessions and tasks that an earlier process of this node held are over since that process was last alive. Where it was not dead for
     * long, no other node has declared it lost: this one tells those who wait.
     */
    Future<LostSessions> endLostSessions(Vertx vertx, ServerConfig config, String machineId, StartedParts parts) {
        LostSessions lost =
                new LostSessions(database, outbox, machineId, config.sessions().pricePerHour(), epoch);
        AliveMark mark = new AliveMark(config.dataDir());
        return vertx.executeBlocking(mark::last)
                .compose(lost::failAll)
                .onSuccess(failed -> {
                    long beat = mark.beat(vertx);
                    parts.add(() -> Future.succeededFuture(vertx.cancelTimer(beat)));
                })
                .compose(sessions ->
                        tasks().failLost(machineId, Instant.now()).map(tasks -> new LostNodes.Ended(sessions, tasks)))
                .onSuccess(ended -> tell(vertx, ended))
                .map(lost);
    }

    private static void tell(Vertx vertx, LostNodes.Ended ended) {
        if (!ended.sessions().isEmpty() || !ended.tasks().isEmpty()) {
            log.warn(
                    "{} sessions and {} AI tasks of an earlier process were lost",
                    ended.sessions().size(),
                    ended.tasks().size());
        }
        LostEnds.tell(vertx, ended);
    }

    SessionRepository sessions() {
        return countedPerKey.isPresent()
                ? new SessionRepository(database, outbox, epoch, countedPerKey.getAsInt())
                : new SessionRepository(database, outbox, epoch);
    }

    QueueRepository queue(ServerConfig config, String machineId, Notifications notifications) {
        return new QueueRepository(
                database, sessions(), notifications, machineId, config.cluster().enabled(), epoch);
    }

    ActionRepository actions(Vertx vertx) {
        return new ActionRepository(vertx, database, outbox);
    }

    ArtifactRepository artifacts() {
        return new ArtifactRepository(database, outbox);
    }

    StoryRepository stories() {
        return new StoryRepository(database, outbox);
    }

    LifecycleRepository lifecycle() {
        return new LifecycleRepository(database, outbox);
    }

    TaskRepository tasks() {
        return new TaskRepository(database, outbox, epoch);
    }

    TaskListing taskListing() {
        return new TaskListing(database, outbox);
    }

    TaskStory taskStory() {
        return new TaskStory(database, outbox);
    }

    LogChunkRepository logChunks() {
        return new LogChunkRepository(database, outbox);
    }
}
