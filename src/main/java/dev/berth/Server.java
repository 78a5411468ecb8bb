package dev.berth;

import dev.berth.agent.AgentServices;
import dev.berth.agent.AgentVerticle;
import dev.berth.agent.TaskHistory;
import dev.berth.agent.model.Model;
import dev.berth.agent.model.Models;
import dev.berth.browser.Screens;
import dev.berth.browser.launch.ChromeLauncher;
import dev.berth.clock.LivedTime;
import dev.berth.clock.VertxScheduler;
import dev.berth.cluster.Cluster;
import dev.berth.cluster.Relay;
import dev.berth.config.ServerConfig;
import dev.berth.embedded.EmbeddedServers;
import dev.berth.history.DeliveryRepository;
import dev.berth.history.KeyRepository;
import dev.berth.history.KeyRevocations;
import dev.berth.history.LostSessions;
import dev.berth.history.NavigationRepository;
import dev.berth.history.Notifications;
import dev.berth.history.OwnerRepository;
import dev.berth.history.ReplacedObjects;
import dev.berth.history.ReusableSteps;
import dev.berth.history.SessionListing;
import dev.berth.history.ShareLinkRepository;
import dev.berth.history.WebhookRepository;
import dev.berth.http.ApiVerticle;
import dev.berth.http.Contract;
import dev.berth.http.HttpServices;
import dev.berth.http.forward.Neighbours;
import dev.berth.mcp.McpEndpoint;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.TaskLimits;
import dev.berth.recording.FfmpegRecorders;
import dev.berth.session.SessionServices;
import dev.berth.session.SessionSupervisor;
import dev.berth.session.record.PointerDrawing;
import dev.berth.session.record.RecordingFolders;
import dev.berth.story.HistoryVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole server: puts the parts together, and takes them apart in the opposite order. */
public final class Server {
    private static final Logger log = LoggerFactory.getLogger(Server.class);
    /** How long the last sessions and tasks may take to end. */
    private static final long END_SECONDS = 7;

    private static final long LAST_ANSWER_MILLIS = 500;
    private static final int SECRET_BYTES = 32;

    private final Vertx vertx;
    private final Optional<Cluster> cluster;
    private final StartedParts parts = new StartedParts();
    private final Screens screens = new Screens();
    private final NodeMetrics metrics = new NodeMetrics();
    private final Runnable endProcess;

    private ServerConfig config;
    private String machineId;
    private String place;
    private Membership membership;
    private EmbeddedServers embedded;
    private NodeBrowsers browsers;
    private NodeStorage storage;
    private Notifications notifications;
    private OwnerRepository owners;
    private FfmpegRecorders recorders;
    private SessionSupervisor supervisor;
    private ApiKeys.First firstKey = ApiKeys.First.CONFIGURED;
    private List<String> missingFonts = List.of();
    private volatile int port;
    private NodeWebhooks webhooks;
    private volatile boolean rehearsed;

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
        return server.start().map(server).recover(e -> server.close().transform(closed -> Future.failedFuture(e)));
    }

    private Future<Void> start() {
        RecordCodec.registerAll(vertx);
        parts.add(() -> RecordCodec.unregisterAll(vertx));
        parts.add(LivedTime.watch(vertx));
        metrics.watch(vertx);
        parts.add(metrics::close);
        Future<Contract> contract = Contract.read(vertx);
        // A start that fails early would leave it running, on threads that a Vertx that closes next takes away.
        parts.add(() -> contract.otherwiseEmpty());
        return openDataDir()
                .onSuccess(done -> makeRecorders())
                .compose(done -> Future.join(startEmbedded(), startBrowsers(), lookForFonts()))
                .compose(done -> NodeStorage.open(vertx, config, metrics, parts))
                .onSuccess(opened -> {
                    storage = opened;
                    owners = new OwnerRepository(opened.database());
                })
                .compose(done -> startApi(contract));
    }

    private Future<Void> openDataDir() {
        return vertx.executeBlocking(() -> {
            DataDir dataDir = DataDir.open(config.dataDir());
            parts.add(dataDir::close);
            machineId = dataDir.machineId();
            place = dataDir.place();
            return null;
        });
    }

    private Future<Void> startEmbedded() {
        return Services.embedded(vertx, config)
                .onSuccess(started -> {
                    embedded = started;
                    parts.add(started::close);
                    config = started.addressed(config);
                })
                .mapEmpty();
    }

    private Future<Void> startBrowsers() {
        return NodeBrowsers.start(vertx, config, metrics, parts)
                .onSuccess(started -> browsers = started)
                .mapEmpty();
    }

    private void makeRecorders() {
        recorders = new FfmpegRecorders(
                vertx,
                // A slow encoder is still at work when its session is over: what bounds its time must be there, too.
                VertxScheduler.lasting(vertx),
                config.recording(),
                config.dataDir().resolve("ffmpeg"),
                System.getenv().getOrDefault("PATH", ""));
        parts.add(recorders::close);
        metrics.tell("berth.recordings.running", "Videos that are recorded now.", "", recorders::running);
        // Unpacks the encoder, on threads of its own: no recording waits for that. It logs itself what is wrong.
        recorders.check();
    }

    private Future<Void> lookForFonts() {
        return vertx.executeBlocking(Fonts::missing, false)
                .onSuccess(missing -> missingFonts = missing)
                .mapEmpty();
    }

    private Future<Void> startApi(Future<Contract> contract) {
        KeyRepository keys = new KeyRepository(storage.database());
        ApiKeys apiKeys = new ApiKeys(vertx, keys, config.dataDir());
        byte[] candidate = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(candidate);
        return Membership.join(vertx, cluster, config, machineId, place, storage, parts, this::lost)
                .onSuccess(joined -> membership = joined)
                .compose(joined -> storage.endLostSessions(vertx, config, machineId, parts))
                .compose(lost -> config.apiKey()
                        .map(apiKeys::add)
                        .orElseGet(Future::succeededFuture)
                        .compose(added -> startNotifications())
                        .compose(listening -> startRelay())
                        .compose(relayed -> deploySupervisor(lost)))
                .compose(done -> deployHistory())
                .compose(done -> deployAgent())
                .compose(done -> keys.secret("session-tokens", candidate))
                // The tools' schemas take longer to make than an event loop has.
                .compose(secret -> vertx.executeBlocking(() -> NodeMcp.start(vertx, machineId, config, storage, parts))
                        .compose(mcp -> makeWebhooks()
                                .compose(made -> deployApi(
                                        keys,
                                        secret,
                                        contract,
                                        NodeNeighbours.of(
                                                config.cluster(), machineId, membership, supervisor::holds, owners),
                                        mcp))))
                .compose(done -> deployWebhooks())
                // Last: a start that fails tells nobody of the key that it made.
                .compose(done -> config.apiKey().isPresent()
                        ? Future.succeededFuture(ApiKeys.First.CONFIGURED)
                        : apiKeys.first())
                .onSuccess(first -> firstKey = first)
                .compose(done -> new Rehearsal(vertx, keys, config.http().reachableHost(), port, machineId).run())
                // Ready is a node only when the others pass on to it what is its own.
                .compose(done -> membership.hold(supervisor))
                .onSuccess(done -> {
                    rehearsed = true;
                    supervisor.takeWaiting();
                });
    }

    private Future<Void> startNotifications() {
        notifications = new Notifications(vertx, storage.database());
        parts.add(notifications::close);
        return notifications
                .start()
                .recover(e -> StartException.fail(
                        "Postgres gives no connection to hear of revoked keys and of sessions that wait on: "
                                + e.getMessage(),
                        e));
    }

    /**
     * Other nodes have told that the sessions of this one ended. What would be recorded of them from now on would replace that, so the
     * history is closed first; what was acknowledged is in its journal, for the next process. The process is gone before its Chromes,
     * which exit with their pipes: nobody is told that they crashed. On a thread of its own: event loops may be busy, or may wait for this.
     */
    private void lost() {
        Thread end = new Thread(
                () -> {
                    try {
                        storage.outbox()
                                .close()
                                .toCompletionStage()
                                .toCompletableFuture()
                                .get(1, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        log.warn("the journal was not closed in good order: {}", e.toString());
                    } finally {
                        endProcess.run();
                    }
                },
                "berth-lost");
        end.start();
    }

    /** Ended after the sessions: other nodes may ask for them until then. */
    private Future<Void> startRelay() {
        return Relay.start(vertx, machineId, new VertxScheduler(vertx), owners)
                .onSuccess(relay -> parts.add(relay::close))
                .mapEmpty();
    }

    private Future<Void> deploySupervisor(LostSessions lost) {
        supervisor = new SessionSupervisor(
                new SessionServices(
                        new VertxScheduler(vertx),
                        machineId,
                        config.sessions(),
                        config.disk().sessionBytes(),
                        browsers.launches(),
                        screens,
                        storage.store(),
                        recorders,
                        new RecordingFolders(vertx, config.dataDir()),
                        new PointerDrawing(vertx),
                        storage.sessions(),
                        lost,
                        storage.queue(config, machineId, notifications),
                        new NavigationRepository(storage.database()),
                        storage.actions(vertx),
                        storage.artifacts(),
                        storage.logChunks(),
                        storage.logs(),
                        new ReplacedObjects(storage.database(), machineId),
                        storage.objects(),
                        config.bodies(),
                        membership,
                        membership.elsewhere(machineId),
                        metrics),
                browsers.version(),
                browsers.launcher().sandboxed(),
                config.ai().model().map(name -> TaskLimits.costing(config.ai().maxCostUsd())));
        return vertx.deployVerticle(supervisor)
                .onSuccess(id -> parts.add(() -> supervisor
                        .drain(0)
                        .timeout(END_SECONDS, TimeUnit.SECONDS)
                        .onFailure(e -> log.warn("not all sessions ended in time: {}", e.getMessage()))
                        .transform(drained -> undeploy(id))))
                .mapEmpty();
    }

    private Future<Void> deployHistory() {
        return vertx.deployVerticle(new HistoryVerticle(
                        machineId, storage.sessions(), storage.stories(), storage.logs(), storage.logChunks()))
                .onSuccess(id -> parts.add(() -> undeploy(id)))
                .mapEmpty();
    }

    /** Ended before the sessions of its tasks. Without a model nobody takes tasks. */
    private Future<Void> deployAgent() {
        return Models.of(config.ai(), vertx).map(this::deployAgent).orElseGet(Future::succeededFuture);
    }

    private Future<Void> deployAgent(Model model) {
        AgentVerticle agent = new AgentVerticle(new AgentServices(
                new VertxScheduler(vertx),
                machineId,
                model,
                config.ai().maxTasks(),
                TaskHistory.of(storage.tasks(), new ReusableSteps(storage.database()), machineId),
                storage.store()::get,
                supervisor::isDraining,
                membership::confirmed,
                metrics.ai()));
        parts.add(model::close);
        return vertx.deployVerticle(agent)
                .onSuccess(id -> parts.add(
                        () -> undeploy(id).onFailure(e -> log.warn("not all tasks ended in time: {}", e.getMessage()))))
                .mapEmpty();
    }

    private Future<Void> deployApi(
            KeyRepository keys,
            byte[] tokenSecret,
            Future<Contract> contract,
            Optional<Neighbours> neighbours,
            McpEndpoint mcp) {
        KeyRevocations revocations = new KeyRevocations(notifications);
        ApiVerticle api = new ApiVerticle(
                new HttpServices(
                        machineId,
                        config,
                        tokenSecret,
                        storage.database(),
                        storage.store(),
                        checks(),
                        keys,
                        revocations,
                        new ShareLinkRepository(storage.database()),
                        (id, endpoint) -> PartyEnd.open(
                                vertx,
                                browsers.pipes(),
                                endpoint,
                                moved -> screens.find(id)
                                        .ifPresent(shown ->
                                                shown.browser().pointer().tell(moved))),
                        id -> ScreenEnd.find(screens, id),
                        storage.sessions(),
                        new SessionListing(storage.database(), storage.outbox()),
                        storage.actions(vertx),
                        storage.artifacts(),
                        storage.logChunks(),
                        storage.logs(),
                        storage.stories(),
                        storage.lifecycle(),
                        storage.tasks(),
                        storage.taskListing(),
                        storage.taskStory(),
                        new WebhookRepository(storage.database()),
                        new DeliveryRepository(storage.database()),
                        webhooks,
                        mcp::handle,
                        neighbours,
                        membership.table(),
                        metrics),
                contract);
        return deploy(api)
                .onSuccess(id -> {
                    parts.add(() -> undeploy(id));
                    port = api.port();
                })
                .mapEmpty();
    }

    private Future<Void> makeWebhooks() {
        return vertx.executeBlocking(() -> new NodeWebhooks(config, storage.database(), () -> port))
                .onSuccess(made -> {
                    webhooks = made;
                    made.tell(metrics);
                })
                .mapEmpty();
    }

    /** After the API, whose address deliveries tell. */
    private Future<Void> deployWebhooks() {
        return webhooks.deploy(vertx)
                .onSuccess(id -> parts.add(() -> undeploy(id)))
                .mapEmpty();
    }

    private Map<String, Supplier<Future<?>>> checks() {
        Map<String, Supplier<Future<?>>> checks = new HashMap<>(Map.of(
                "chrome", browsers.launches()::check, "disk", this::checkDisk, "rehearsal", this::checkRehearsal));
        checks.putAll(membership.checks());
        return checks;
    }

    private Future<Void> checkRehearsal() {
        return rehearsed
                ? Future.succeededFuture()
                : Future.failedFuture(new BerthException(ErrorCode.NOT_READY, "the server is still rehearsing"));
    }

    private Future<Void> checkDisk() {
        return browsers.launcher()
                .full()
                .<Future<Void>>map(Future::failedFuture)
                .orElseGet(storage.store()::checkSpool);
    }

    /** In a bounded time. A Vertx that closes has done so itself. */
    private Future<Void> undeploy(String id) {
        return vertx.deploymentIDs().contains(id)
                ? vertx.undeploy(id).timeout(END_SECONDS, TimeUnit.SECONDS)
                : Future.succeededFuture();
    }

    private Future<String> deploy(ApiVerticle http) {
        return vertx.deployVerticle(http)
                .recover(e -> e instanceof BerthException known
                        ? StartException.fail(known.getMessage(), e)
                        : StartException.fail(
                                "http.port (BERTH_HTTP_PORT): " + config.http().host() + ":"
                                        + config.http().port() + " can't be listened on: "
                                        + StartException.rootMessage(e),
                                e));
    }

    /**
     * Takes no new sessions, and lets those that run go on for as long as {@code drain-seconds} says. Then stops listening, ends all
     * sessions, and everything that was started for them. Repeating it is harmless.
     */
    public Future<Void> close() {
        return drain().transform(drained -> parts.end());
    }

    private Future<Void> drain() {
        long seconds = config.sessions().drainSeconds();
        // A node of a cluster drains in any case: what it refuses for that is made on another node.
        if (!rehearsed || seconds == 0 && membership.node().isEmpty()) {
            return Future.succeededFuture();
        }
        return supervisor
                .drain(TimeUnit.SECONDS.toMillis(seconds))
                // How long the ends may take then is the business of the parts.
                .timeout(seconds == 0 ? END_SECONDS : seconds, TimeUnit.SECONDS)
                // The answer to whoever ended the last session is on its way.
                .transform(drained -> vertx.timer(LAST_ANSWER_MILLIS))
                .mapEmpty();
    }

    /** Where clients reach it; those on this machine, if no public URL is configured. */
    public String url() {
        return config.http().url(port);
    }

    public String machineId() {
        return machineId;
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
        return browsers.version();
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
