package dev.berth.http;

import dev.berth.artifact.GivenFileStore;
import dev.berth.cdpclient.CdpRelays;
import dev.berth.config.CdpConfig;
import dev.berth.http.forward.Credentials;
import dev.berth.http.forward.Forwarding;
import dev.berth.http.forward.Neighbours;
import dev.berth.http.request.Connections;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.Problem;
import dev.berth.http.sockets.CdpDiscovery;
import dev.berth.http.sockets.CdpDoor;
import dev.berth.http.sockets.CdpPort;
import dev.berth.http.sockets.CdpSockets;
import dev.berth.http.sockets.DriverSockets;
import dev.berth.http.sockets.EventStreams;
import dev.berth.http.sockets.LiveSockets;
import dev.berth.http.sockets.SocketAccess;
import dev.berth.http.sockets.SocketDoor;
import dev.berth.http.sockets.StreamDoor;
import dev.berth.http.sockets.TaskStreams;
import dev.berth.live.FileKeeping;
import dev.berth.live.FileKeeping.SentFile;
import dev.berth.live.SessionTasks;
import dev.berth.live.Viewers;
import dev.berth.loop.VertxScheduler;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand.FileName;
import dev.berth.protocol.FileCommand.GivenFile;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Serves the API on one event loop. */
final class HttpVerticle extends VerticleBase {
    private static final Pattern MALFORMED = Pattern.compile("%(?![0-9a-fA-F]{2})");
    /**
     * Limit for the silence of a connection, in both directions. Longer than a verb takes that waits for another one, and than proxies
     * keep connections that they use again; {@code /connect} waits for a place in addition.
     */
    private static final Duration IDLE = Duration.ofMinutes(15);
    /** Lets responses that are being written finish when the server stops. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
    /** Time for the answers to requests that other nodes have passed on, when this node stops. */
    private static final Duration NEIGHBOUR_PATIENCE = Duration.ofSeconds(3);

    private final HttpServices services;
    private final HttpParts parts;
    private final Router router;
    private final int port;
    private final Optional<TlsFiles> tls;
    private final AllowedHosts hosts;
    private final Cors cors;
    private HttpServer server;
    private Connections connections;
    private CdpSockets cdpSockets;
    private DriverSockets driverSockets;
    private EventStreams eventStreams;
    private LiveSockets liveSockets;
    private Optional<Forwarding> forwarding = Optional.empty();
    private Optional<HttpServer> fromNeighbours = Optional.empty();

    /**
     * @param port to listen on; all verticles of a node get the same one
     * @param tls empty where the server speaks plain HTTP
     */
    HttpVerticle(HttpServices services, HttpParts parts, Router router, int port, Optional<TlsFiles> tls) {
        this.services = services;
        this.parts = parts;
        this.router = router;
        this.port = port;
        this.tls = tls;
        this.hosts = AllowedHosts.of(services.config().http());
        this.cors = new Cors(services.config().http().corsOrigins());
    }

    @Override
    public Future<?> start() {
        CdpRelays relays = new CdpRelays(
                vertx, services.node().chromes(), services.node().metrics().relay());
        cdpSockets = cdpSockets(relays);
        driverSockets = driverSockets(relays);
        liveSockets = liveSockets();
        eventStreams = eventStreams();
        return listen().compose(listening ->
                        services.cluster().neighbours().map(this::join).orElseGet(Future::succeededFuture))
                .compose(joined ->
                        services.config().cdp().port().map(this::listenForCdp).orElseGet(Future::succeededFuture));
    }

    /** Passes requests on to other nodes, and takes theirs. */
    private Future<?> join(Neighbours neighbours) {
        forwarding = Optional.of(new Forwarding(
                vertx,
                neighbours,
                new Credentials(key -> parts.authentication().find(key).map(Optional::isPresent), parts.tokens()),
                parts.requestIds(),
                services.config().http().maxConnections()));
        HttpServer own = vertx.createHttpServer(neighbours.listening())
                .invalidRequestHandler(Problem::refuseInvalid)
                .requestHandler(this::answerHere);
        fromNeighbours = Optional.of(own);
        return own.listen()
                .recover(e -> Future.failedFuture(new BerthException(
                        ErrorCode.CONFLICT,
                        "cluster.port (BERTH_CLUSTER_PORT): the third of its four ports, "
                                + neighbours.listening().getPort() + ", can't be used: " + e.getMessage(),
                        e)));
    }

    private SocketAccess access(SessionClient client) {
        return new SocketAccess(
                client, services.repositories().sessions(), parts.tokens(), parts.authentication(), parts.origins());
    }

    private EventStreams eventStreams() {
        return new EventStreams(
                vertx,
                here(),
                new StreamDoor(vertx, new VertxScheduler(vertx), parts.places(), parts.keySockets()),
                access(parts.client()),
                parts.sharedLinks(),
                parts.client(),
                parts.links(),
                services.repositories().stories(),
                services.logs(),
                services.endedLogs(),
                parts.liveStories(),
                services.repositories().lifecycle(),
                new TaskStreams(
                        vertx,
                        access(parts.client()),
                        new AgentClient(vertx).here(),
                        services.repositories().tasks(),
                        services.repositories().taskStory(),
                        parts.parameters("streamTaskEvents")),
                parts.parameters("streamSessionEvents"),
                parts.parameters("streamEvents"));
    }

    private CdpSockets cdpSockets(CdpRelays relays) {
        SessionClient client = parts.client().from(ActionSource.CDP);
        SocketAccess access = access(client);
        return new CdpSockets(
                vertx,
                client,
                door(access),
                access,
                discovery(client, access, new CdpDoor.WithKey(access, parts.links())),
                parts.parameters("connect"),
                new OptionsReader(services.config()),
                HttpParts.launchLimits(services.config()),
                relays);
    }

    private DriverSockets driverSockets(CdpRelays relays) {
        SessionClient client = parts.client().from(ActionSource.CDP);
        SocketAccess access = access(client);
        return new DriverSockets(client, door(access), access, services.webdriver(), relays);
    }

    private CdpDiscovery discovery(SessionClient client, SocketAccess access, CdpDoor door) {
        return new CdpDiscovery(
                client,
                access,
                parts.links(),
                door,
                parts.sharedSessions(),
                services.node().chromes().told(),
                () -> vertx.executeBlocking(() -> ClassPathFiles.read("dev/berth/cdp/protocol.json"), false));
    }

    /** Listens on the port for CDP clients without a key. */
    private Future<?> listenForCdp(int cdpPort) {
        CdpConfig config = services.config().cdp();
        SessionClient client = parts.client().from(ActionSource.CDP);
        CdpPort door = new CdpPort(config, services.keys());
        CdpDiscovery discovery = discovery(client, access(client), door);
        return vertx.createHttpServer(new HttpServerOptions()
                        .setHost(config.host())
                        .setPort(cdpPort)
                        .setHttp2ClearTextEnabled(false)
                        .setIdleTimeout((int) IDLE.toSeconds()))
                .invalidRequestHandler(Problem::refuseInvalid)
                .requestHandler(request -> cdpSockets.takeAt(door, discovery, request))
                .listen()
                .recover(e -> Future.failedFuture(new BerthException(
                        ErrorCode.CONFLICT,
                        "cdp.port (BERTH_CDP_PORT): " + config.host() + ":" + cdpPort + " can't be listened on: "
                                + e.getMessage(),
                        e)));
    }

    private LiveSockets liveSockets() {
        SessionClient client = parts.client().from(ActionSource.LIVE);
        SocketAccess access = access(client);
        return new LiveSockets(
                door(access),
                access,
                client,
                parts.parameters("openLive"),
                new Viewers(
                        vertx,
                        services.node().screens(),
                        viewersFiles(),
                        new SessionTasks(
                                new AgentClient(vertx), services.repositories().taskListing()::openIn),
                        services.node().metrics().viewers()),
                parts.links(),
                parts.sharedLinks());
    }

    /** Keeps the files of viewers as those of uploads are kept. */
    private FileKeeping viewersFiles() {
        GivenFileStore files = new GivenFileStore(services.store());
        return new FileKeeping() {
            @Override
            public Future<List<UploadedFile>> store(SessionId session, List<SentFile> sent) {
                return files.store(
                        session,
                        sent.stream()
                                .map(file -> new GivenFile(FileName.of(file.name()), file.content()))
                                .toList());
            }

            @Override
            public void discard(List<UploadedFile> stored) {
                files.discard(stored);
            }
        };
    }

    private SocketDoor door(SocketAccess access) {
        return new SocketDoor(vertx, parts.places(), parts.keySockets(), access::explain, here(), this::pass);
    }

    /** Whether a session is on this node. */
    private Predicate<SessionId> here() {
        return services.cluster().neighbours().map(Neighbours::holds).orElse(id -> true);
    }

    /** The port that it listens on. */
    int port() {
        return server.actualPort();
    }

    private Future<HttpServer> listen() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(services.config().http().host())
                .setPort(port)
                .setCompressionSupported(true)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout((int) IDLE.toMillis()
                        + (int) services.config().sessions().queueTimeoutMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                // Else a client that asks whether to send its body, and is refused, might send the body or its next
                // request: they look alike.
                .setHandle100ContinueAutomatically(true)
                // Relayed sockets use no extensions: negotiating them would cost every request.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
        tls.ifPresent(files -> files.secure(options));
        connections = new Connections(vertx, options, parts.connections());
        server = vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .invalidRequestHandler(Problem::refuseInvalid)
                .requestHandler(this::answer);
        return server.listen();
    }

    private void answer(HttpServerRequest request) {
        if (tls.isPresent() && !AllowedHosts.isThisMachine(request)) {
            request.response().putHeader("Strict-Transport-Security", "max-age=31536000");
        }
        if (request.version() == HttpVersion.HTTP_2) {
            // Once Vert.x 5.0.7 leaves an answer of a connection uncompressed, it labels later ones as compressed
            // that are not. Without this header, it compresses none.
            request.headers().remove(HttpHeaders.ACCEPT_ENCODING);
        }
        if (request.uri().indexOf('%') >= 0 && MALFORMED.matcher(request.uri()).find()) {
            Problem.refuseMalformedUrl(request);
        } else if (!hosts.refuse(request) && !cors.answer(request)) {
            pass(request);
        }
    }

    private void pass(HttpServerRequest request) {
        forwarding.ifPresentOrElse(nodes -> nodes.answer(request, this::answerHere), () -> answerHere(request));
    }

    private void answerHere(HttpServerRequest request) {
        if (!cdpSockets.take(request)
                && !driverSockets.take(request)
                && !liveSockets.take(request)
                && !eventStreams.take(request)) {
            router.handle(request);
        }
    }

    /** Takes this certificate for the connections that come from now on, on all event loops: they share one server. */
    Future<Boolean> renew(PemKeyCertOptions certificate) {
        return server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(certificate));
    }

    /** Completes when the event loop has run a task. */
    Future<Void> answers() {
        Promise<Void> answer = Promise.promise();
        context.runOnContext(ignored -> answer.complete());
        return answer.future();
    }

    @Override
    public Future<?> stop() {
        return Future.join(cdpSockets.stop(), driverSockets.stop(), liveSockets.stop(), eventStreams.stop())
                .eventually(() -> fromNeighbours
                        .map(own -> own.shutdown(NEIGHBOUR_PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .orElseGet(Future::succeededFuture))
                .eventually(() -> forwarding.map(Forwarding::stop).orElseGet(Future::succeededFuture))
                .eventually(() -> connections.close(CLOSE_PATIENCE));
    }
}
