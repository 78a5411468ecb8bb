package dev.berth.http;

import dev.berth.history.UsageRepository;
import dev.berth.http.access.SessionAccess;
import dev.berth.http.access.SessionLinks;
import dev.berth.http.export.ExportContents;
import dev.berth.http.export.ExportRoute;
import dev.berth.http.export.ReportReader;
import dev.berth.http.export.ReportRoute;
import dev.berth.http.request.Answers;
import dev.berth.http.routes.AdminRoutes;
import dev.berth.http.routes.BodyRoute;
import dev.berth.http.routes.CallerRoutes;
import dev.berth.http.routes.CreateRoute;
import dev.berth.http.routes.DeliveryRoutes;
import dev.berth.http.routes.EndedLogs;
import dev.berth.http.routes.ExecuteRoute;
import dev.berth.http.routes.HarRoute;
import dev.berth.http.routes.LogRoutes;
import dev.berth.http.routes.ReadableLogs;
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
import dev.berth.http.validation.BulkWork;
import dev.berth.http.validation.ContractCheck;
import dev.berth.http.validation.KnownParameters;
import dev.berth.http.validation.OptionsReader;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.SessionClient;
import dev.berth.verbs.Verbs;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestValidator;

/** Mounts the operations of the contract: each by its id, with what answers it. */
final class Operations {
    /** Of a user, which look through all of the user's sessions: Postgres has few connections. */
    private static final int MAX_SEARCHES = 2;

    private final Vertx vertx;
    private final HttpServices services;
    private final HttpParts parts;
    private final Contract contract;
    private final BulkWork bulkWork;
    private final SessionAccess access;
    private final SessionClient client;
    private final SessionLinks links;
    private final RequestValidator validator;
    private final CountLimit<Long> searches = new CountLimit<>(
            MAX_SEARCHES,
            MAX_SEARCHES + " of your searches in all sessions are under way already; try again when they are done");

    Operations(
            Vertx vertx,
            HttpServices services,
            HttpParts parts,
            Contract contract,
            BulkWork bulkWork,
            SessionAccess access) {
        this.vertx = vertx;
        this.services = services;
        this.parts = parts;
        this.contract = contract;
        this.bulkWork = bulkWork;
        this.access = access;
        this.client = parts.client();
        this.links = parts.links();
        this.validator = RequestValidator.create(vertx, contract.parsed());
    }

    void mount(RouterBuilder builder) {
        CreateRoute create =
                new CreateRoute(client, new OptionsReader(services.config().sessions()), links, parts.tokens());
        SessionRoutes sessions = new SessionRoutes(
                access, services.listing(), services.actions(), services.artifacts(), links, searches);
        mountVerbs(builder);
        mountLogs(builder, new ReadableLogs(access, new EndedLogs(services.logChunks())));

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
        mountShares(builder);
        mountTasks(builder);
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
                services.config(),
                searches);
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

    private void mountShares(RouterBuilder builder) {
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

    private void mountTasks(RouterBuilder builder) {
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

    private void mountLogs(RouterBuilder builder, ReadableLogs readable) {
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
        mountExport(builder, readable);
    }

    private void mountExport(RouterBuilder builder, ReadableLogs logs) {
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

    private void mountVerbs(RouterBuilder builder) {
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
