package dev.berth;

import dev.berth.access.KeyRepository;
import dev.berth.browser.launch.ChromeLauncher;
import dev.berth.cluster.Cluster;
import dev.berth.config.ServerConfig;
import dev.berth.database.Notifications;
import dev.berth.embedded.EmbeddedServers;
import dev.berth.http.Contract;
import dev.berth.loop.LoopPromise;
import dev.berth.metrics.NodeMetrics;
import dev.berth.node.ApiKeys;
import dev.berth.node.DataDir;
import dev.berth.node.Fonts;
import dev.berth.node.Membership;
import dev.berth.node.Node;
import dev.berth.node.NodeActors;
import dev.berth.node.NodeApi;
import dev.berth.node.NodeBrowsers;
import dev.berth.node.NodeEgress;
import dev.berth.node.NodeStorage;
import dev.berth.node.Rehearsal;
import dev.berth.node.Services;
import dev.berth.node.StartException;
import dev.berth.node.StartedParts;
import dev.berth.protocol.RecordCodec;
import dev.berth.recording.FfmpegRecorders;
import dev.berth.session.SessionSupervisor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole server: puts the parts together, and takes them apart in the opposite order. */
public final class Server {
    private static final Logger log = LoggerFactory.getLogger(Server.class);
    private static final long LAST_ANSWER_MILLIS = 500;

    private final Vertx vertx;
    private final Optional<Cluster> cluster;
    private final Runnable endProcess;
    private final StartedParts parts = new StartedParts();
    private final NodeMetrics metrics = new NodeMetrics();

    private ServerConfig config;
    private Node node;
    private EmbeddedServers embedded;
    private NodeEgress egress;
    private NodeBrowsers browsers;
    private NodeStorage storage;
    private Membership membership;
    private NodeApi api;
    private ApiKeys.First firstKey = ApiKeys.First.CONFIGURED;
    private List<String> missingFonts = List.of();
    /** The supervisor of sessions, once the node is ready. */
    private volatile Optional<SessionSupervisor> supervisor = Optional.empty();

    private Server(Vertx vertx, ServerConfig config, Optional<Cluster> cluster, Runnable endProcess) {
        this.vertx = vertx;
        this.config = config;
        this.cluster = cluster;
        this.endProcess = endProcess;
    }

    /**
     * Starts a server on {@code vertx}; fails with one line that says what to do, and leaves nothing behind. Closing
     * {@code vertx} is the caller's part.
     */
    public static Future<Server> start(Vertx vertx, ServerConfig config) {
        return start(vertx, config, Optional.empty(), () -> {});
    }

    /**
     * Like {@link #start(Vertx, ServerConfig)}.
     *
     * @param cluster the one that this server is a node of; {@code vertx} is its Vertx. Leaving it is the caller's part.
     * @param endProcess called where the node was declared lost, once its Chromes are gone
     */
    static Future<Server> start(Vertx vertx, ServerConfig config, Optional<Cluster> cluster, Runnable endProcess) {
        Server server = new Server(vertx, config, cluster, endProcess);
        Context context = vertx.getOrCreateContext();
        Promise<Void> started = LoopPromise.on(context);
        // On one event loop: of a future that has completed already, listeners of another thread run in any order.
        context.runOnContext(
                now -> Future.succeededFuture().compose(begin -> server.start()).onComplete(started));
        return started.future().map(server).recover(e -> server.close().transform(closed -> Future.failedFuture(e)));
    }

    private Future<Void> start() {
        RecordCodec.registerAll(vertx);
        metrics.watch(vertx);
        parts.add(metrics::close);
        Future<Contract> contract = Contract.read(vertx);
        // A start that fails early would leave it running, on threads that a Vertx that closes next takes away.
        parts.add(() -> contract.otherwiseEmpty());
        return vertx.executeBlocking(() -> DataDir.open(config.dataDir())).compose(dataDir -> {
            parts.add(dataDir::close);
            node = new Node(vertx, config, dataDir, metrics, parts);
            return startOnData(contract);
        });
    }

    private Future<Void> startOnData(Future<Contract> contract) {
        parts.add(() -> told("what was recorded is stored, and the Chromes and servers that it started have stopped"));
        FfmpegRecorders recorders = NodeActors.recorders(node);
        return Future.join(startStorage(), startBrowsers(), lookForFonts())
                .compose(done -> egress.bar(node))
                .compose(done -> Membership.join(node, cluster, storage, endProcess))
                .onSuccess(joined -> membership = joined)
                .compose(done -> startApi(recorders, contract));
    }

    private Future<Void> startStorage() {
        return Services.embedded(vertx, config)
                .compose(started -> {
                    embedded = started;
                    parts.add(started::close);
                    config = started.addressed(config);
                    node = node.with(config);
                    return NodeStorage.open(node);
                })
                .map(opened -> {
                    storage = opened;
                    return null;
                });
    }

    private Future<Void> startBrowsers() {
        return NodeEgress.start(node)
                .onSuccess(started -> egress = started)
                .compose(started -> NodeBrowsers.start(node, started))
                .map(started -> {
                    browsers = started;
                    return null;
                });
    }

    private Future<Void> lookForFonts() {
        return vertx.executeBlocking(Fonts::missing, false).map(missing -> {
            missingFonts = missing;
            return null;
        });
    }

    private Future<Void> startApi(FfmpegRecorders recorders, Future<Contract> contract) {
        KeyRepository keys = new KeyRepository(storage.database());
        ApiKeys apiKeys = new ApiKeys(vertx, keys, config.dataDir());
        Notifications notifications = new Notifications(vertx, storage.database());
        return storage.endLostSessions()
                .compose(lost -> config.apiKey()
                        .map(apiKeys::add)
                        .orElseGet(Future::succeededFuture)
                        .compose(added -> listen(notifications))
                        .onSuccess(listening -> parts.add(() -> told("all sessions have ended")))
                        .compose(listening ->
                                NodeActors.start(node, storage, browsers, recorders, membership, notifications, lost)))
                .compose(actors -> {
                    parts.add(() -> told("the API is closed"));
                    api = new NodeApi(node, egress, storage, browsers, actors, membership, keys);
                    return api.start(contract, notifications)
                            // Last: a start that fails tells nobody of the key that it made.
                            .compose(done -> config.apiKey().isPresent()
                                    ? Future.succeededFuture(ApiKeys.First.CONFIGURED)
                                    : apiKeys.first())
                            .onSuccess(first -> firstKey = first)
                            .compose(done -> new Rehearsal(node, keys, api.port()).run())
                            // Ready is a node only when the others pass on to it what is its own.
                            .compose(done -> membership.hold(actors.supervisor()))
                            .onSuccess(done -> takeSessions(actors.supervisor()))
                            // Unpacks the encoder, and logs what is wrong with it. The start needs the processors.
                            .onSuccess(done -> recorders.check());
                });
    }

    private Future<Void> listen(Notifications notifications) {
        parts.add(notifications::close);
        return notifications
                .start()
                .recover(e -> StartException.fail(
                        "Postgres gives no connection for notifications of revoked keys and waiting sessions: "
                                + e.getMessage(),
                        e));
    }

    private void takeSessions(SessionSupervisor ready) {
        supervisor = Optional.of(ready);
        api.tellReady();
        ready.takeWaiting();
    }

    /**
     * Takes no new sessions, and lets those that run go on for as long as {@code drain-seconds} says. Then stops listening, ends all
     * sessions, and everything that was started for them. Repeating it is harmless.
     */
    public Future<Void> close() {
        return drain().transform(drained -> parts.end());
    }

    /** A line of the log for a stage of a shutdown; there is none where a start failed. */
    private void told(String stage) {
        supervisor.ifPresent(wasReady -> log.info("shutdown: {}", stage));
    }

    /** How long sessions may hold up {@link #close}: they may go on, and then save their profiles. Thread-safe. */
    long patienceMillis() {
        return TimeUnit.SECONDS.toMillis(config.sessions().drainSeconds())
                + supervisor.map(SessionSupervisor::savingMillis).orElse(0L);
    }

    private Future<Void> drain() {
        long seconds = config.sessions().drainSeconds();
        // A node of a cluster drains in any case: what it refuses for that is made on another node.
        if (supervisor.isEmpty() || seconds == 0 && cluster.isEmpty()) {
            return Future.succeededFuture();
        }
        return supervisor
                .get()
                .drain(TimeUnit.SECONDS.toMillis(seconds))
                // How long the ends may take then is the business of the parts.
                .timeout(seconds == 0 ? Node.END_SECONDS : seconds, TimeUnit.SECONDS)
                // The answer to the request that ended the last session is on its way.
                .transform(drained -> vertx.timer(LAST_ANSWER_MILLIS))
                .mapEmpty();
    }

    /** The public URL; without one, the URL for clients on this machine. */
    public String url() {
        return config.http().url(api.port());
    }

    public String machineId() {
        return node.machineId();
    }

    /** The settings, with the addresses of embedded servers filled in. */
    public ServerConfig config() {
        return config;
    }

    public EmbeddedServers embedded() {
        return embedded;
    }

    public ChromeLauncher launcher() {
        return browsers.launcher();
    }

    public String chromeVersion() {
        return browsers.version().product();
    }

    /** How a person gets in, where no key is configured. */
    ApiKeys.First firstKey() {
        return firstKey;
    }

    /** A key that the owner of the data directory has. Blocks. */
    Optional<String> apiKey() throws IOException {
        return config.apiKey().isEmpty() && firstKey.inFile() ? DataDir.firstKey(config.dataDir()) : config.apiKey();
    }

    /** Scripts that pictures can't show. */
    List<String> missingFonts() {
        return missingFonts;
    }
}
