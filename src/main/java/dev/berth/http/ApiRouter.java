package dev.berth.http;

import dev.berth.history.UsageRepository;
import dev.berth.http.access.Authentication;
import dev.berth.http.access.LiveTokens;
import dev.berth.http.access.SessionAccess;
import dev.berth.http.access.SessionLinks;
import dev.berth.http.docs.DocsRoutes;
import dev.berth.http.export.ExportContents;
import dev.berth.http.export.ExportRoute;
import dev.berth.http.export.ReportReader;
import dev.berth.http.export.ReportRoute;
import dev.berth.http.pages.Dashboard;
import dev.berth.http.pages.LivePage;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Problem;
import dev.berth.http.routes.AdminRoutes;
import dev.berth.http.routes.ArtifactRoute;
import dev.berth.http.routes.BodyRoute;
import dev.berth.http.routes.CallerRoutes;
import dev.berth.http.routes.ClientFiles;
import dev.berth.http.routes.CreateRoute;
import dev.berth.http.routes.DeliveryRoutes;
import dev.berth.http.routes.EndedLogs;
import dev.berth.http.routes.ExecuteRoute;
import dev.berth.http.routes.HarRoute;
import dev.berth.http.routes.LogRoutes;
import dev.berth.http.routes.ReadableLogs;
import dev.berth.http.routes.ServiceRoutes;
import dev.berth.http.routes.SessionRoutes;
import dev.berth.http.routes.ShareRoutes;
import dev.berth.http.routes.TaskAccess;
import dev.berth.http.routes.TaskRoutes;
import dev.berth.http.routes.ThumbnailRoute;
import dev.berth.http.routes.TimelineRoute;
import dev.berth.http.routes.Uploads;
import dev.berth.http.routes.VerbRoutes;
import dev.berth.http.routes.WebhookRoutes;
import dev.berth.http.sockets.CdpSockets;
import dev.berth.http.sockets.OriginRule;
import dev.berth.http.validation.BodyReceiver;
import dev.berth.http.validation.BulkWork;
import dev.berth.http.validation.ContractCheck;
import dev.berth.http.validation.KnownParameters;
import dev.berth.http.validation.OptionsReader;
import dev.berth.memory.MemoryBudget;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.SessionClient;
import dev.berth.verbs.Verbs;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestValidator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Builds the router of the API from the OpenAPI contract, so that requests are validated against what is documented. All event
 * loops share the router.
 */
final class ApiRouter {

    private final Vertx vertx;
    private final HttpServices services;
    private final HttpParts parts;
    private final Contract contract;
    private final Supplier<Future<?>> answers;
    private final BulkWork bulkWork;
    private final RequestValidator validator;
    private final int maxBodyBytes;
    private final MemoryBudget bodyBudget;

    /** @param answers completes when every event loop that serves the API responds */
    ApiRouter(Vertx vertx, HttpServices services, HttpParts parts, Contract contract, Supplier<Future<?>> answers) {
        this.vertx = vertx;
        this.services = services;
        this.parts = parts;
        this.contract = contract;
        this.answers = answers;
        this.bulkWork = new BulkWork(vertx);
        this.validator = RequestValidator.create(vertx, contract.parsed());
        this.maxBodyBytes = services.config().http().maxBodyBytes();
        this.bodyBudget = MemoryBudget.ofBodies(Runtime.getRuntime().maxMemory(), maxBodyBytes);
    }

    Router build() {
        SessionAccess access = new SessionAccess(parts.client(), services.sessions());
        RouterBuilder builder = RouterBuilder.create(vertx, contract.parsed());
        builder.rootHandler(parts.requestIds());
        builder.getRoutes().forEach(route -> guard(route, access));
        mountSessions(builder, parts.client(), access, parts.links());
        Router router = builder.createRouter();
        mountBeside(router);
        router.route().failureHandler(Problem::answer);
        IntStream.of(400, 413, 415, 500).forEach(status -> router.errorHandler(status, Problem::answer));
        router.errorHandler(404, ApiRouter::nothing);
        AllowedMethods allowed = new AllowedMethods(contract.parsed());
        router.errorHandler(405, ctx -> Problem.answer(ctx, allowed.refusal(ctx)));
        return router;
    }

    /** Whether there is something below {@code /api} is told to those only who bring a key. */
    private static void nothing(RoutingContext ctx) {
        boolean stranger = Authentication.key(ctx.request()).isEmpty();
        if (stranger && ctx.normalizedPath().startsWith("/api/")) {
            Problem.answer(ctx, Authentication.missing());
        } else {
            Problem.answer(ctx);
        }
    }

    /**
     * Before all else, an operation of the contract asks for a key, unless the contract says that it takes none, and then receives
     * its body. Both belong to the operation and not to a path, because a path can be spelt in many ways.
     */
    private void guard(OpenAPIRoute route, SessionAccess access) {
        JsonArray security = route.getOperation().getOpenAPIModel().getJsonArray("security");
        if (security == null || !security.isEmpty()) {
            route.addHandler(LiveTokens.of(
                            route.getOperation().getOperationId(),
                            parts.tokens(),
                            parts.authentication(),
                            parts.sharedLinks())
                    .orElse(parts.authentication()));
        }
        route.addHandler(
                route.getOperation().getOperationId().equals("upload")
                        ? new BodyReceiver(maxBodyBytes, bodyBudget, bulkWork, access::describe)
                        : new BodyReceiver(
                                Math.min(BodyReceiver.USUAL_MAX_BYTES, maxBodyBytes),
                                bodyBudget,
                                bulkWork,
                                any -> Future.succeededFuture()));
    }

    /** Mounts the routes that the contract does not describe. */
    private void mountBeside(Router router) {
        Map<String, Supplier<Future<?>>> needed = new HashMap<>(services.checks());
        needed.put("http", answers);
        needed.put("postgres", () -> services.database().check(services.machineId()));
        new ServiceRoutes(
                        services.machineId(),
                        needed,
                        services.store()::check,
                        parts.client(),
                        ctx -> contract.servedAt(parts.links().base(ctx.request())),
                        services.cluster(),
                        node -> services.metrics().text(vertx, node))
                .mount(router);
        new LivePage(vertx, ClassPathFiles::read).mount(router);
        new ClientFiles(vertx, ClassPathFiles::read).mount(router);
        new DocsRoutes(vertx, ClassPathFiles::read).mount(router);
        new Dashboard(
                        vertx,
                        ClassPathFiles::read,
                        services.config().objectStore().publicEndpoint())
                .mount(router);
        new ArtifactRoute(
                        vertx,
                        services.artifacts(),
                        services.store(),
                        parts.tokens(),
                        parts.authentication(),
                        parts.sharedLinks())
                .mount(router);
    }

    private void mountSessions(RouterBuilder builder, SessionClient client, SessionAccess access, SessionLinks links) {
        CreateRoute create =
                new CreateRoute(client, new OptionsReader(services.config().sessions()), links, parts.tokens());
        SessionRoutes sessions = new SessionRoutes(
                services.machineId(), access, services.listing(), services.actions(), services.artifacts(), links);
        mountVerbs(builder, access, links);
        mountLogs(builder, access, links, new ReadableLogs(access, new EndedLogs(services.logChunks())));

        route(builder, "createSession", create::create);
        route(builder, "listSessions", Answers.json(sessions::list));
        route(builder, "deleteSession", Answers.json(sessions::delete));
        route(
                builder,
                "getThumbnail",
                new ThumbnailRoute(
                        access, (id, width) -> services.screens().find(id).map(screen -> screen.picture(width)))::send);
        route(builder, "listPages", Answers.json(sessions::pages));
        route(builder, "listActions", Answers.json(sessions::actions));
        mountShares(builder, access, links);
        mountTasks(builder, access);
        mountWebhooks(builder);
        route(builder, "openCdp", Answers.json(ctx -> CdpSockets.notASocket()));
        route(builder, "connect", Answers.json(ctx -> CdpSockets.notASocket()));
        // The HTTP verticle answers these before the router: they take a token, where other routes need a key.
        unvalidated(builder, "openLive", RoutingContext::next);
        unvalidated(builder, "getCdpVersion", RoutingContext::next);
        unvalidated(builder, "streamSessionEvents", RoutingContext::next);
        unvalidated(builder, "streamEvents", RoutingContext::next);
        unvalidated(builder, "streamTaskEvents", RoutingContext::next);
        mountMcp(builder);
        mountCaller(builder);
        AdminRoutes admin = new AdminRoutes(
                services.machineId(), services.config().sessions().drainSeconds(), client, services.cluster());
        route(builder, "drain", admin::drain);
        route(builder, "listNodes", Answers.json(admin::nodes));
        // The id is their only parameter, and the routes check it themselves: the validator would halve the throughput.
        unvalidated(builder, "getSession", Answers.json(sessions::get));
        unvalidated(builder, "listArtifacts", Answers.json(sessions::artifacts));
        unvalidated(builder, "getSessionHealth", Answers.json(sessions::health));
    }

    private void mountCaller(RouterBuilder builder) {
        CallerRoutes caller = new CallerRoutes(
                services.keys(),
                new UsageRepository(services.database()),
                contract.version(),
                services.machineId(),
                services.config());
        unvalidated(builder, "getMe", Answers.json(caller::me));
        route(builder, "getUsage", Answers.json(caller::usage));
    }

    private void mountMcp(RouterBuilder builder) {
        McpRoute mcp = new McpRoute(
                services.mcp(),
                new OriginRule(
                        services.config().http().publicUrl(),
                        services.config().http().corsOrigins()));
        unvalidated(builder, "sendMcpMessage", mcp::handle);
        unvalidated(builder, "endMcpSession", mcp::handle);
    }

    private void mountShares(RouterBuilder builder, SessionAccess access, SessionLinks links) {
        ShareRoutes shares = new ShareRoutes(access, services.shareLinks(), links);
        route(builder, "shareSession", shares::create);
        route(builder, "listShareLinks", Answers.json(shares::list));
        route(builder, "revokeShareLink", Answers.json(shares::revoke));
    }

    private void mountWebhooks(RouterBuilder builder) {
        WebhookRoutes webhooks = new WebhookRoutes(services.webhooks(), services.webhookDoor());
        DeliveryRoutes deliveries =
                new DeliveryRoutes(services.webhooks(), services.deliveries(), services.webhookDoor());
        route(builder, "createWebhook", webhooks::create);
        route(builder, "listWebhooks", Answers.json(webhooks::list));
        route(builder, "getWebhook", Answers.json(webhooks::get));
        route(builder, "deleteWebhook", Answers.json(webhooks::delete));
        route(builder, "testWebhook", deliveries::test);
        route(builder, "listDeliveries", Answers.json(deliveries::list));
        route(builder, "replayDelivery", Answers.json(deliveries::replay));
    }

    private void mountTasks(RouterBuilder builder, SessionAccess access) {
        AgentClient agents = new AgentClient(vertx);
        OptionsReader options = new OptionsReader(services.config().sessions());
        double maxCostUsd = services.config().ai().maxCostUsd();
        TaskRoutes tasks = new TaskRoutes(new TaskAccess(agents, services.tasks()::find), services.taskListing());
        route(
                builder,
                "executeTask",
                new ExecuteRoute(agents, access, services.tasks()::findRepeated, options, maxCostUsd, parts.tokens())
                        ::execute);
        route(builder, "listTasks", Answers.json(tasks::list));
        route(builder, "cancelTask", Answers.json(tasks::cancel));
        route(builder, "answerTask", Answers.json(tasks::answer));
        unvalidated(builder, "getTask", Answers.json(tasks::status));
    }

    private void mountLogs(RouterBuilder builder, SessionAccess access, SessionLinks links, ReadableLogs readable) {
        LogRoutes logs = new LogRoutes(readable, services.logs());
        route(builder, "listConsole", Answers.json(logs::console));
        route(builder, "listNetwork", Answers.json(logs::network));
        route(builder, "getHar", new HarRoute(vertx, readable, services.logs())::send);
        route(
                builder,
                "getTimeline",
                Answers.json(new TimelineRoute(
                        readable, services.logs(), access, new UsageRepository(services.database()))::timeline));
        unvalidated(builder, "getNetworkBody", new BodyRoute(readable, services.logs())::send);
        mountExport(builder, access, links, readable);
    }

    private void mountExport(RouterBuilder builder, SessionAccess access, SessionLinks links, ReadableLogs logs) {
        ReportReader reports = new ReportReader(
                logs,
                services.logs(),
                services.actions(),
                services.artifacts(),
                services.taskListing(),
                services.taskStory());
        ExportContents contents = new ExportContents(
                logs, services.logs(), services.actions(), services.artifacts(), services.store(), reports);
        route(builder, "getReport", new ReportRoute(access, reports, links)::send);
        unvalidated(builder, "exportSession", new ExportRoute(vertx, access, contents)::send);
    }

    private void mountVerbs(RouterBuilder builder, SessionAccess access, SessionLinks links) {
        VerbRoutes verbs = new VerbRoutes(access, links, new Uploads(services.store(), bulkWork));
        Verbs.all()
                .forEach(verb -> route(
                        builder,
                        VerbRoutes.operationId(contract.parsed(), verb),
                        Answers.json(ctx -> verbs.perform(ctx, verb))));
    }

    /** Mounts a validated operation. */
    private OpenAPIRoute route(RouterBuilder builder, String operationId, Handler<RoutingContext> handler) {
        OpenAPIRoute route = builder.getRoute(operationId);
        route.addHandler(new ContractCheck(validator, route.getOperation(), bulkWork));
        return unvalidated(builder, operationId, handler);
    }

    private static OpenAPIRoute unvalidated(
            RouterBuilder builder, String operationId, Handler<RoutingContext> handler) {
        OpenAPIRoute route = builder.getRoute(operationId).setDoValidation(false);
        return route.addHandler(known(route.getOperation())).addHandler(handler);
    }

    private static KnownParameters known(Operation operation) {
        return operation.getOperationId().equals("listSessions")
                ? KnownParameters.withMetadata(operation)
                : KnownParameters.of(operation);
    }
}
