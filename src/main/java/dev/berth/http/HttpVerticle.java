package dev.berth.http;

import dev.berth.artifact.LogReader;
import dev.berth.http.connection.Connections;
import dev.berth.http.connection.Conversation.Patience;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.BulkWork;
import dev.berth.http.request.ContractCheck;
import dev.berth.http.request.LinkTokens;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.Problem;
import dev.berth.http.request.RequestBody;
import dev.berth.http.request.RequestIds;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.StrictQuery;
import dev.berth.http.routes.ArtifactRoute;
import dev.berth.http.routes.CookieRoutes;
import dev.berth.http.routes.CreateRoute;
import dev.berth.http.routes.ElementRoutes;
import dev.berth.http.routes.LiveReads;
import dev.berth.http.routes.LogFilter;
import dev.berth.http.routes.LogRoutes;
import dev.berth.http.routes.ServiceRoutes;
import dev.berth.http.routes.SessionRoutes;
import dev.berth.http.routes.UploadRoute;
import dev.berth.http.routes.VerbRoutes;
import dev.berth.http.sockets.CdpAccess;
import dev.berth.http.sockets.CdpSockets;
import dev.berth.http.sockets.CdpVersion;
import dev.berth.http.sockets.ConnectQuery;
import dev.berth.http.sockets.KeySockets;
import dev.berth.http.sockets.OriginRule;
import dev.berth.memory.MemoryBudget;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.RequestValidator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.Yaml;

/** Serves the API: routes built from the contract, so that what is documented is what is validated. */
public final class HttpVerticle extends VerticleBase {
    private static final Pattern MALFORMED = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final int LOG_THREADS = 2;
    /** For answers that are on their way when the server stops. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private static final String CONTRACT = "openapi.yaml";

    private final HttpServices services;
    private HttpServer server;
    private Connections connections;
    private CdpSockets cdpSockets;
    private LiveReads liveReads;
    private BulkWork bulkWork;
    private RequestValidator validator;

    public HttpVerticle(HttpServices services) {
        this.services = services;
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(() -> ClassPathFiles.read(CONTRACT), false)
                .compose(text -> contract(text).map(contract -> router(contract, text)))
                .compose(this::listen);
    }

    /** On a worker: to read and check it takes most of a second where the classes are not loaded yet. */
    private Future<OpenAPIContract> contract(Buffer text) {
        Promise<OpenAPIContract> read = ((ContextInternal) context).promise();
        ((VertxInternal) vertx)
                .createWorkerContext()
                .runOnContext(ignored -> OpenAPIContract.from(ClassPathFiles.readBy(vertx), withoutSecurity(text))
                        .onComplete(read));
        return read.future();
    }

    /** The router would look for providers of its own, and read the body before it asks them. */
    private static JsonObject withoutSecurity(Buffer contract) {
        JsonObject json = new JsonObject(new Yaml().<Map<String, Object>>load(contract.toString()));
        json.remove("security");
        return json;
    }

    /** The port it listens on. */
    public int port() {
        return server.actualPort();
    }

    private Future<HttpServer> listen(Router router) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(services.config().http().host())
                .setPort(services.config().http().port())
                .setCompressionSupported(true)
                .setHttp2ClearTextEnabled(false)
                // Relayed sockets have no extensions: looking for some costs every request.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
        connections = new Connections(vertx, options, services.config().http().maxConnections(), Patience.DEFAULT);
        server = vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .invalidRequestHandler(Problem::refuseInvalid)
                .requestHandler(request -> answer(request, router));
        return server.listen();
    }

    private void answer(HttpServerRequest request, Router router) {
        if (request.uri().indexOf('%') >= 0 && MALFORMED.matcher(request.uri()).find()) {
            Problem.refuseMalformedUrl(request);
        } else if (hasUnknownExpectation(request)) {
            Problem.refuseExpectation(request);
        } else if (!cdpSockets.take(request)) {
            liveReads.answer(request, router);
        }
    }

    private static boolean hasUnknownExpectation(HttpServerRequest request) {
        String expected = request.getHeader(HttpHeaders.EXPECT);
        return expected != null && !expected.equalsIgnoreCase(HttpHeaders.CONTINUE.toString());
    }

    @Override
    public Future<?> stop() {
        return cdpSockets.stop().eventually(() -> connections.close(CLOSE_PATIENCE));
    }

    private Router router(OpenAPIContract contract, Buffer text) {
        SessionClient client = new SessionClient(vertx);
        Authentication authentication = new Authentication(
                vertx,
                services.keys(),
                services.revocations(),
                services.config().apiKey());
        LinkTokens tokens = new LinkTokens(services.tokenSecret());
        RequestIds requestIds = new RequestIds();
        liveReads = new LiveReads(client, authentication, requestIds);
        SessionLinks links = new SessionLinks(
                services.config().http().publicUrl(),
                tokens,
                services.store(),
                services.config().objectStore().presignSeconds());
        CdpAccess cdpAccess = new CdpAccess(client, services.sessions(), tokens, authentication);
        cdpSockets = new CdpSockets(
                vertx,
                client,
                cdpAccess,
                new CdpVersion(cdpAccess, links),
                keySockets(authentication),
                new ConnectQuery(new OptionsReader(services.config().sessions())),
                new OriginRule(services.config().http().publicUrl()),
                services.pipes());
        SessionAccess access = new SessionAccess(client, services.sessions());
        bulkWork = new BulkWork(vertx);
        validator = RequestValidator.create(vertx, contract);
        RouterBuilder builder = RouterBuilder.create(vertx, contract);
        builder.rootHandler(requestIds)
                .rootHandler(authentication)
                .rootHandler(new RequestBody(
                        services.config().http().maxBodyBytes(),
                        MemoryBudget.ofBodies(
                                Runtime.getRuntime().maxMemory(),
                                services.config().http().maxBodyBytes()),
                        bulkWork,
                        access::requireForUpload));
        mountSessions(builder, client, access, links);
        Router router = builder.createRouter();
        Map<String, Supplier<Future<?>>> needed = new HashMap<>(services.checks());
        needed.put("postgres", () -> services.database().check(services.machineId()));
        new ServiceRoutes(services.machineId(), needed, services.store()::check, client, text).mount(router);
        new ArtifactRoute(vertx, services.artifacts(), services.store(), tokens, authentication).mount(router);
        router.route().failureHandler(Problem::answer);
        IntStream.of(400, 404, 405, 413, 415, 500).forEach(status -> router.errorHandler(status, Problem::answer));
        return router;
    }

    private KeySockets keySockets(Authentication authentication) {
        return new KeySockets(authentication::exists, (held, gone) -> authentication.review(vertx, held, gone))
                .listen(vertx, services.revocations());
    }

    private void mountSessions(RouterBuilder builder, SessionClient client, SessionAccess access, SessionLinks links) {
        CreateRoute create =
                new CreateRoute(client, new OptionsReader(services.config().sessions()), links);
        SessionRoutes sessions =
                new SessionRoutes(access, services.listing(), services.actions(), services.artifacts(), links);
        mountVerbs(builder, access, links);
        mountElements(builder, access);
        LogRoutes logs = new LogRoutes(
                access,
                services.logChunks(),
                logReader("berth-log-read"),
                new LogFilter(logReader("berth-log-filter")));

        route(builder, "createSession", create::create);
        route(builder, "listSessions", Answers.json(sessions::list));
        route(builder, "deleteSession", Answers.json(sessions::delete));
        route(builder, "listActions", Answers.json(sessions::actions));
        route(builder, "listConsole", Answers.json(logs::console));
        route(builder, "listNetwork", Answers.json(logs::network));
        route(builder, "openCdp", Answers.json(ctx -> CdpSockets.notASocket()));
        route(builder, "connect", Answers.json(ctx -> CdpSockets.notASocket()));
        // It is answered before a request comes here: with a token, where others need a key.
        unvalidated(builder, "getCdpVersion", RoutingContext::next);
        // Their only parameter is the id, which is checked anyway: the validator would cost half the throughput.
        unvalidated(builder, "getSession", Answers.json(sessions::get));
        unvalidated(builder, "listArtifacts", Answers.json(sessions::artifacts));
        unvalidated(builder, "getSessionHealth", Answers.json(sessions::health));
    }

    /** On threads of their own: nothing else waits for a log to be unzipped, and reading one not for filtering. */
    private LogReader logReader(String name) {
        return new LogReader(vertx.createSharedWorkerExecutor(name, LOG_THREADS), services.store()::get);
    }

    private void mountVerbs(RouterBuilder builder, SessionAccess access, SessionLinks links) {
        VerbRoutes verbs = new VerbRoutes(access, links);
        CookieRoutes cookies = new CookieRoutes(access);
        route(builder, "navigate", Answers.json(verbs::navigate));
        route(builder, "goBack", Answers.json(verbs::goBack));
        route(builder, "goForward", Answers.json(verbs::goForward));
        route(builder, "reload", Answers.json(verbs::reload));
        route(builder, "evaluate", Answers.json(verbs::evaluate));
        route(builder, "content", Answers.json(verbs::content));
        route(builder, "snapshot", Answers.json(verbs::snapshot));
        route(builder, "screenshot", Answers.json(verbs::screenshot));
        route(builder, "pdf", Answers.json(verbs::pdf));
        route(builder, "answerDialogs", Answers.json(verbs::answerDialogs));
        route(builder, "getCookies", Answers.json(cookies::read));
        route(builder, "setCookies", Answers.json(cookies::set));
    }

    private void mountElements(RouterBuilder builder, SessionAccess access) {
        ElementRoutes elements = new ElementRoutes(access);
        UploadRoute uploads = new UploadRoute(access, services.store(), bulkWork);
        route(builder, "click", Answers.json(elements::click));
        route(builder, "hover", Answers.json(elements::hover));
        route(builder, "type", Answers.json(elements::type));
        route(builder, "fill", Answers.json(elements::fill));
        route(builder, "press", Answers.json(elements::press));
        route(builder, "select", Answers.json(elements::select));
        route(builder, "scroll", Answers.json(elements::scroll));
        route(builder, "waitFor", Answers.json(elements::waitFor));
        route(builder, "upload", Answers.json(uploads::upload));
    }

    /** Keys are checked by {@link Authentication}, before the body is read. */
    private OpenAPIRoute route(RouterBuilder builder, String operationId, Handler<RoutingContext> handler) {
        OpenAPIRoute route = builder.getRoute(operationId);
        route.addHandler(new ContractCheck(validator, route.getOperation(), bulkWork));
        return unvalidated(builder, operationId, handler);
    }

    private static OpenAPIRoute unvalidated(
            RouterBuilder builder, String operationId, Handler<RoutingContext> handler) {
        OpenAPIRoute route = builder.getRoute(operationId).setDoValidation(false);
        return route.addHandler(new StrictQuery(route.getOperation(), operationId.equals("listSessions")))
                .addHandler(handler);
    }
}
