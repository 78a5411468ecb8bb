package dev.berth.node;

import dev.berth.artifact.ArtifactStore;
import dev.berth.cluster.LostEnds;
import dev.berth.config.ServerConfig;
import dev.berth.database.Database;
import dev.berth.database.Notifications;
import dev.berth.extension.Extensions;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.LifecycleRepository;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.LostSessions;
import dev.berth.history.NodeEpoch;
import dev.berth.history.ObjectIndex;
import dev.berth.history.OwnerRepository;
import dev.berth.history.QueueRepository;
import dev.berth.history.ReportRepository;
import dev.berth.history.SessionClaims;
import dev.berth.history.SessionRepository;
import dev.berth.history.StoryRepository;
import dev.berth.history.extension.ExtensionRepository;
import dev.berth.history.node.LostNodes;
import dev.berth.history.outbox.JournaledOutbox;
import dev.berth.history.profile.ProfileRepository;
import dev.berth.history.task.LostTasks;
import dev.berth.history.task.TaskListing;
import dev.berth.history.task.TaskRepository;
import dev.berth.history.task.TaskStory;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogReader;
import dev.berth.logs.LogShipper;
import dev.berth.loop.VertxScheduler;
import dev.berth.profile.EncryptedProfiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The storage of a node: Postgres, with the facts that wait for it on disk, and the object store, with its spool.
 *
 * @param epoch by which this process is its node
 * @param countedPerKey how many sessions a key may have in the cluster; absent where a node's own count is enough
 */
public record NodeStorage(
        Node node,
        Database database,
        JournaledOutbox outbox,
        ObjectIndex objects,
        ArtifactStore store,
        EncryptedProfiles profiles,
        Extensions extensions,
        LogShipper shipper,
        LogReader logs,
        OwnerRepository owners,
        NodeEpoch epoch,
        OptionalInt countedPerKey) {
    /** A number of sessions that nobody has. */
    private static final int NO_LIMIT = 1_000_000;

    private static final Logger log = LoggerFactory.getLogger(NodeStorage.class);

    /** @param node the node, with the addresses of both servers in its settings */
    public static Future<NodeStorage> open(Node node) {
        URI uri = node.config().postgres().uri().orElseThrow();
        Database database = new Database(
                node.vertx(),
                uri,
                node.config().postgres().poolSize(),
                node.metrics().postgres());
        node.parts().add(database::close);
        return database.isCurrent()
                .otherwise(false) // Flyway tells better what is wrong
                .compose(current -> current ? Future.succeededFuture() : Services.migrate(node.vertx(), uri))
                .compose(done -> startOutbox(node, database))
                .compose(outbox -> open(node, database, outbox));
    }

    private static Future<NodeStorage> open(Node node, Database database, JournaledOutbox outbox) {
        ObjectIndex objects = new ObjectIndex(database, outbox);
        return startStore(node, objects).compose(store -> {
            LogReader logs = new LogReader(node.vertx(), store::get);
            node.parts().add(logs::close);
            LogShipper shipper = new LogShipper(
                    node.vertx(),
                    VertxScheduler.lasting(node.vertx()),
                    store,
                    new LogChunkRepository(database),
                    node.config().dataDir().resolve("logs"),
                    node.metrics().capture());
            node.parts().add(shipper::close);
            node.metrics()
                    .tell(
                            "berth.spool.objects",
                            "Objects and parts of logs that wait for upload to the object store.",
                            "",
                            () -> store.backlog() + shipper.backlog());
            node.metrics()
                    .tell("berth.postgres.waiting.facts", "Facts on disk that wait for Postgres.", "", outbox::waiting);
            EncryptedProfiles profiles =
                    new EncryptedProfiles(node.vertx(), node.config(), new ProfileRepository(database), store);
            Extensions extensions = new Extensions(
                    node.vertx(),
                    new ExtensionRepository(database),
                    store,
                    node.config().dataDir().resolve("extensions"));
            return shipper.start()
                    .compose(started -> profiles.start())
                    .compose(started -> extensions.start())
                    .map(new NodeStorage(
                            node,
                            database,
                            outbox,
                            objects,
                            store,
                            profiles,
                            extensions,
                            shipper,
                            logs,
                            new OwnerRepository(database),
                            new NodeEpoch(),
                            countedPerKey(node.config())));
        });
    }

    private static OptionalInt countedPerKey(ServerConfig config) {
        int max = config.sessions().maxPerKey();
        return config.cluster().enabled() && max < NO_LIMIT ? OptionalInt.of(max) : OptionalInt.empty();
    }

    private static Future<JournaledOutbox> startOutbox(Node node, Database database) {
        JournaledOutbox outbox = new JournaledOutbox(
                node.vertx(), database, node.config().dataDir().resolve("journal"));
        node.parts().add(outbox::close);
        return outbox.start()
                .<JournaledOutbox>map(outbox)
                .recover(e -> StartException.fail(
                        "what an earlier process left to write to Postgres can't be written: " + e.getMessage(), e));
    }

    private static Future<ArtifactStore> startStore(Node node, ObjectIndex objects) {
        ServerConfig config = node.config();
        URI endpoint = config.objectStore().endpoint().orElseThrow();
        // The object store's client takes longer to make than an event loop may block.
        return node.vertx()
                .executeBlocking(() -> new ArtifactStore(
                        node.vertx(),
                        config.objectStore(),
                        endpoint,
                        config.dataDir().resolve("spool"),
                        objects::stored,
                        node.metrics().objectStore()))
                .onSuccess(made -> node.parts().add(made::close))
                .compose(made -> made.start(objects::known).map(made))
                .recover(e -> StartException.fail(
                        "the object store at " + endpoint + " can't be used: " + StartException.rootMessage(e)
                                + "; check s3.endpoint (BERTH_S3_ENDPOINT) and its keys",
                        e));
    }

    /**
     * Sessions and tasks that an earlier process of this node held are over since that process was last alive. Where it was not dead for
     * long, no other node has declared it lost: this process publishes the ends.
     */
    public Future<LostSessions> endLostSessions() {
        LostSessions lost = new LostSessions(
                database, outbox, node.machineId(), node.config().sessions().pricePerHour(), epoch);
        return node.vertx()
                .executeBlocking(node.dataDir()::lastAlive)
                .compose(lost::failAll)
                .onSuccess(failed -> {
                    long beat = node.dataDir().keepAlive(node.vertx());
                    node.parts().add(() -> Future.succeededFuture(node.vertx().cancelTimer(beat)));
                })
                .compose(sessions ->
                        lostTasks().failAll(Instant.now()).map(tasks -> new LostNodes.Losses(sessions, tasks)))
                .onSuccess(ended -> tell(node.vertx(), ended))
                .map(lost);
    }

    private static void tell(Vertx vertx, LostNodes.Losses ended) {
        if (!ended.sessions().isEmpty() || !ended.tasks().isEmpty()) {
            log.warn(
                    "{} sessions and {} AI tasks of an earlier process were lost and are ended",
                    ended.sessions().size(),
                    ended.tasks().size());
        }
        LostEnds.tell(vertx, ended);
    }

    SessionClaims claims() {
        return new SessionClaims(
                database,
                epoch,
                countedPerKey.orElse(0),
                node.config().profiles().maxPerUser());
    }

    SessionRepository sessions() {
        return new SessionRepository(database, outbox);
    }

    QueueRepository queue(Notifications notifications) {
        return new QueueRepository(
                database,
                claims(),
                sessions(),
                notifications,
                node.machineId(),
                node.config().cluster().enabled(),
                epoch);
    }

    ActionRepository actions() {
        return new ActionRepository(node.vertx().getOrCreateContext(), database, outbox);
    }

    ArtifactRepository artifacts() {
        return new ArtifactRepository(database, outbox);
    }

    ReportRepository reports() {
        return new ReportRepository(database);
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

    LostTasks lostTasks() {
        return new LostTasks(database, outbox, node.machineId(), epoch);
    }

    TaskListing taskListing() {
        return new TaskListing(database, outbox);
    }

    TaskStory taskStory() {
        return new TaskStory(database, outbox);
    }

    EndedLogs endedLogs() {
        return new EndedLogs(node.vertx(), new LogChunkRepository(database), shipper);
    }
}
