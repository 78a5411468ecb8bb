package dev.berth;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.LogReader;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.launch.ChromeLauncher;
import dev.berth.browser.launch.WarmPool;
import dev.berth.clock.LivedTime;
import dev.berth.clock.VertxScheduler;
import dev.berth.config.ServerConfig;
import dev.berth.embedded.EmbeddedServers;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.Database;
import dev.berth.history.KeyRepository;
import dev.berth.history.KeyRevocations;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.LostSessions;
import dev.berth.history.NavigationRepository;
import dev.berth.history.ObjectIndex;
import dev.berth.history.Outbox;
import dev.berth.history.ReplacedObjects;
import dev.berth.history.SessionListing;
import dev.berth.history.SessionRepository;
import dev.berth.http.ApiVerticle;
import dev.berth.http.Contract;
import dev.berth.http.HttpServices;
import dev.berth.protocol.RecordCodec;
import dev.berth.session.SessionServices;
import dev.berth.session.SessionSupervisor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole server: puts the parts together, and takes them apart in the opposite order. */
public final class Server {
    private static final Logger log = LoggerFactory.getLogger(Server.class);
    private static final long DRAIN_SECONDS = 7;
    private static final int SECRET_BYTES = 32;

    private final Vertx vertx;
    /** How to undo each step that was taken, the last one first. */
    private final Deque<Supplier<Future<?>>> undo = new ArrayDeque<>();

    private final ChromePipes pipes = new ChromePipes();
    private ServerConfig config;
    private Future<Contract> contract;
    private String machineId;
    private EmbeddedServers embedded;
    private ChromeLauncher launcher;
    private WarmPool pool;
    private LaunchWatch launches;
    private String chromeVersion;
    private Database database;
    private Outbox outbox;
    private LostSessions lost;
    private ArtifactStore store;
    private LogReader logs;
    private ApiKeys.First firstKey = ApiKeys.First.CONFIGURED;
    private List<String> missingFonts = List.of();
    private int port;
    private volatile boolean rehearsed;

    private Server(Vertx vertx, ServerConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /**
     * Starts a server on {@code vertx}; fails with one line that says what to do, and leaves nothing behind. Closing
     * {@code vertx} is the caller's part.
     */
    public static Future<Server> start(Vertx vertx, ServerConfig config) {
        Server server = new Server(vertx, config);
        return server.start().map(server).recover(e -> server.close().transform(closed -> Future.failedFuture(e)));
    }

    private Future<Void> start() {
        RecordCodec.registerAll(vertx.eventBus());
        Runnable unwatched = LivedTime.watch(vertx);
        undo.push(() -> {
            unwatched.run();
            return Future.succeededFuture();
        });
        contract = Contract.read(vertx);
        return openDataDir()
                .compose(done -> Future.join(startEmbedded(), startChrome(), lookForFonts()))
                .compose(done -> openDatabase())
                .compose(done -> openStore())
                .compose(done -> startApi());
    }

    private Future<Void> openDataDir() {
        return vertx.executeBlocking(() -> {
            DataDir dataDir = DataDir.open(config.dataDir());
            undo.push(() -> {
                dataDir.close();
                return Future.succeededFuture();
            });
            machineId = dataDir.machineId();
            return null;
        });
    }

    private Future<Void> startEmbedded() {
        return Services.embedded(vertx, config)
                .onSuccess(started -> {
                    embedded = started;
                    undo.push(started::close);
                    config = started.addressed(config);
                })
                .mapEmpty();
    }

    /** One Chrome is launched and ended: what would make every session fail is told now. */
    private Future<Void> startChrome() {
        return vertx.executeBlocking(() -> ChromeLauncher.create(
                        vertx,
                        config.chrome(),
                        config.disk(),
                        config.sessions().max(),
                        config.dataDir(),
                        System.getenv().getOrDefault("PATH", ""),
                        pipes))
                .onSuccess(created -> {
                    launcher = created;
                    undo.push(created::close);
                })
                .compose(created -> created.reap().compose(done -> Canary.version(created)))
                .recover(e -> fail(e.getMessage(), e))
                .onSuccess(version -> chromeVersion = version)
                .mapEmpty();
    }

    private Future<Void> lookForFonts() {
        return vertx.executeBlocking(Fonts::missing, false)
                .onSuccess(missing -> missingFonts = missing)
                .mapEmpty();
    }

    private Future<Void> openDatabase() {
        var uri = config.postgres().uri().orElseThrow();
        database = new Database(vertx, uri, config.postgres().poolSize());
        undo.push(database::close);
        return database.isCurrent()
                .otherwise(false) // Flyway tells better what is wrong
                .compose(current -> current ? Future.succeededFuture() : Services.migrate(vertx, uri))
                .compose(done -> {
                    outbox = new Outbox(vertx, database, config.dataDir().resolve("journal"));
                    undo.push(outbox::close);
                    return outbox.start()
                            .recover(e -> fail(
                                    "what an earlier process left for Postgres can't be told: " + e.getMessage(), e));
                });
    }

    private Future<Void> openStore() {
        var endpoint = config.objectStore().endpoint().orElseThrow();
        ObjectIndex objects = new ObjectIndex(database, outbox);
        store = new ArtifactStore(
                vertx, config.objectStore(), endpoint, config.dataDir().resolve("spool"), objects::stored);
        undo.push(store::close);
        logs = new LogReader(vertx, store::get);
        return store.start(objects::known)
                .recover(e -> fail(
                        "the object store at " + endpoint + " can't be used: " + StartException.rootMessage(e)
                                + "; check s3.endpoint (BERTH_S3_ENDPOINT) and its keys",
                        e));
    }

    private Future<Void> startApi() {
        KeyRepository keys = new KeyRepository(database);
        ApiKeys apiKeys = new ApiKeys(vertx, keys, config.dataDir());
        SessionRepository sessions = new SessionRepository(database, outbox);
        lost = new LostSessions(database, outbox, machineId, config.sessions().pricePerHour());
        byte[] candidate = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(candidate);
        AliveMark mark = new AliveMark(config.dataDir());
        return vertx.executeBlocking(mark::last)
                .compose(lost::failAll)
                .onSuccess(failed -> {
                    if (failed > 0) {
                        log.warn("{} sessions of an earlier process were lost", failed);
                    }
                    long beat = mark.beat(vertx);
                    undo.push(() -> Future.succeededFuture(vertx.cancelTimer(beat)));
                })
                .compose(failed -> config.apiKey().map(apiKeys::add).orElseGet(Future::succeededFuture))
                .compose(added -> keys.secret("session-tokens", candidate))
                .onSuccess(secret -> startPool())
                .compose(secret -> deploySupervisor(sessions).compose(done -> deployHttp(keys, sessions, secret)))
                // Last: a start that fails tells nobody of the key that it made.
                .compose(done -> config.apiKey().isPresent()
                        ? Future.succeededFuture(ApiKeys.First.CONFIGURED)
                        : apiKeys.first())
                .onSuccess(first -> firstKey = first)
                .compose(done -> new Rehearsal(vertx, keys, config.http().host(), port, machineId).run())
                .onSuccess(done -> rehearsed = true);
    }

    private void startPool() {
        pool = new WarmPool(
                vertx,
                launcher,
                config.chrome().poolSize(),
                (long) config.chrome().maxMemoryMib() << 19);
        pool.start();
        undo.push(pool::close);
        launches = new LaunchWatch(pool, () -> Canary.version(launcher));
    }

    private Future<Void> deploySupervisor(SessionRepository sessions) {
        SessionSupervisor supervisor = new SessionSupervisor(
                new SessionServices(
                        new VertxScheduler(vertx),
                        machineId,
                        config.sessions(),
                        config.disk().sessionBytes(),
                        launches,
                        store,
                        sessions,
                        lost,
                        new NavigationRepository(database),
                        new ActionRepository(vertx, database, outbox),
                        new ArtifactRepository(database, outbox),
                        new LogChunkRepository(database, outbox),
                        logs,
                        new ReplacedObjects(database, machineId)),
                chromeVersion,
                launcher.sandboxed());
        return vertx.deployVerticle(supervisor)
                .onSuccess(id -> undo.push(() -> supervisor
                        .drain()
                        .timeout(DRAIN_SECONDS, TimeUnit.SECONDS)
                        .onFailure(e -> log.warn("not all sessions ended in time: {}", e.getMessage()))))
                .mapEmpty();
    }

    private Future<Void> deployHttp(KeyRepository keys, SessionRepository sessions, byte[] tokenSecret) {
        KeyRevocations revocations = new KeyRevocations(vertx, database);
        undo.push(revocations::close);
        ApiVerticle http = new ApiVerticle(
                new HttpServices(
                        machineId,
                        config,
                        tokenSecret,
                        database,
                        store,
                        Map.of("chrome", launches::check, "disk", this::checkDisk, "rehearsal", this::checkRehearsal),
                        keys,
                        revocations,
                        endpoint -> PartyEnd.open(vertx, pipes, endpoint),
                        sessions,
                        new SessionListing(database, outbox),
                        new ActionRepository(vertx, database, outbox),
                        new ArtifactRepository(database, outbox),
                        new LogChunkRepository(database, outbox),
                        logs),
                contract);
        return revocations
                .start()
                .recover(e -> fail("Postgres gives no connection to hear of revoked keys on: " + e.getMessage(), e))
                .compose(listening -> deploy(http))
                .onSuccess(id -> {
                    undo.push(() -> vertx.undeploy(id));
                    port = http.port();
                })
                .mapEmpty();
    }

    private Future<Void> checkRehearsal() {
        return rehearsed ? Future.succeededFuture() : Future.failedFuture("the server is still rehearsing");
    }

    private Future<Void> checkDisk() {
        return launcher.full().<Future<Void>>map(Future::failedFuture).orElseGet(store::checkSpool);
    }

    private Future<String> deploy(ApiVerticle http) {
        return vertx.deployVerticle(http)
                .recover(e -> fail(
                        "http.port (BERTH_HTTP_PORT): " + config.http().host() + ":"
                                + config.http().port() + " can't be listened on: " + StartException.rootMessage(e),
                        e));
    }

    private static <T> Future<T> fail(String message, Throwable cause) {
        return Future.failedFuture(new StartException(message, cause));
    }

    /** Stops listening, ends all sessions, then everything that was started for them. Repeating it is harmless. */
    public Future<Void> close() {
        if (undo.isEmpty()) {
            return Future.succeededFuture();
        }
        return undo.pop()
                .get()
                .onFailure(e -> log.warn("a part did not stop in good order: {}", e.toString()))
                .transform(done -> close());
    }

    /** Where clients reach it. */
    public String url() {
        return config.http()
                .publicUrl()
                .map(Object::toString)
                .orElse("http://" + config.http().host() + ":" + port);
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
        return launcher;
    }

    public String chromeVersion() {
        return chromeVersion;
    }

    /** How a person gets in, where no key is configured. */
    ApiKeys.First firstKey() {
        return firstKey;
    }

    /** Scripts that pictures can't show. */
    List<String> missingFonts() {
        return missingFonts;
    }
}
