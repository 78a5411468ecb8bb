package dev.berth.http;

import dev.berth.access.AdminLog;
import dev.berth.access.KeyAdministration;
import dev.berth.access.UserAdministration;
import dev.berth.database.Database;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.UsageRepository;
import dev.berth.history.profile.ProfileRepository;
import dev.berth.history.webhook.DeliveryRepository;
import dev.berth.history.webhook.WebhookRepository;
import dev.berth.http.admin.AccessRoutes;
import dev.berth.http.admin.AdminRoutes;
import dev.berth.http.admin.AllSessionsRoutes;
import dev.berth.http.admin.CallerRoutes;
import dev.berth.http.admin.SessionEnds;
import dev.berth.http.admin.UsageRoutes;
import dev.berth.http.browserbase.Browserbase;
import dev.berth.http.browserbase.ContextsApi;
import dev.berth.http.browserbase.LogsApi;
import dev.berth.http.browserbase.SessionsApi;
import dev.berth.http.browserbase.UploadsApi;
import dev.berth.http.export.ExportContents;
import dev.berth.http.export.ExportRoute;
import dev.berth.http.export.FilesZipRoute;
import dev.berth.http.export.HarRoute;
import dev.berth.http.export.ReportReader;
import dev.berth.http.export.ReportRoute;
import dev.berth.http.export.ScriptRoute;
import dev.berth.http.oneshot.OneShotKind;
import dev.berth.http.oneshot.OneShotRoutes;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.Answers;
import dev.berth.http.request.ContractCheck;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.SessionRequest;
import dev.berth.http.routes.BodyRoute;
import dev.berth.http.routes.CreateRoute;
import dev.berth.http.routes.DeleteRoute;
import dev.berth.http.routes.ExecuteRoute;
import dev.berth.http.routes.FileRoutes;
import dev.berth.http.routes.LogRoutes;
import dev.berth.http.routes.ProfileRoutes;
import dev.berth.http.routes.ReadableLogs;
import dev.berth.http.routes.RecordingRoute;
import dev.berth.http.routes.ReportRoutes;
import dev.berth.http.routes.RunRoutes;
import dev.berth.http.routes.SessionRoutes;
import dev.berth.http.routes.ShareRoutes;
import dev.berth.http.routes.TaskRoutes;
import dev.berth.http.routes.ThumbnailRoute;
import dev.berth.http.routes.TimelineRoute;
import dev.berth.http.routes.VerbRoutes;
import dev.berth.http.routes.WebhookRoutes;
import dev.berth.http.sockets.CdpSockets;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.SessionClient;
import dev.berth.verbs.Verbs;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;

/** Mounts the operations of the contract: each by its id, with what answers it. */
final class Operations {
    /** The operation whose body is no JSON. */
    static final String PUT_FILE = "putFile";

    /** Limit for a user's simultaneous searches, which look through all of the user's sessions: Postgres has few connections. */
    private static final int MAX_SEARCHES = 2;

    private final Vertx vertx;
    private final HttpServices services;
    private final HttpParts parts;
    private final Contract contract;
    private final SessionAccess access;
    private final SessionClient client;
    private final SessionLinks links;
    private final ShareRoutes shares;
    private final SessionRequest requests;
    private final CreateRoute create;
    private final DeleteRoute delete;
    private final ReadableLogs readable;
    private final FileRoutes files;
    private final FilesZipRoute filesZip;
    private final CountLimit<Long> searches = new CountLimit<>(
            MAX_SEARCHES,
            MAX_SEARCHES + " of your searches in all sessions are already running; try again when they are done");

    Operations(Vertx vertx, HttpServices services, HttpParts parts, SessionAccess access) {
        this.vertx = vertx;
        this.services = services;
        this.parts = parts;
        this.contract = parts.contract();
        this.access = access;
        this.client = parts.client();
        this.links = parts.links();
        this.shares = new ShareRoutes(access, parts.shareLinks(), links);
        this.requests = new SessionRequest(new OptionsReader(services.config()));
        this.create = new CreateRoute(client, requests, links, parts.tokens());
        this.delete = new DeleteRoute(
                access,
                new AdminAccess(services.keys()),
                new AdminLog(services.repositories().database()),
                services.retention().purge());
        this.readable = new ReadableLogs(access, services.logs(), services.endedLogs());
        ArtifactRepository artifacts = services.repositories().artifacts();
        this.files = new FileRoutes(vertx, access, artifacts, links, services.store());
        this.filesZip = new FilesZipRoute(vertx, access, artifacts, services.store());
    }

    /** Browserbase's API, with the same routes and so the same limits. */
    Browserbase browserbase() {
        return new Browserbase(
                new SessionsApi(
                        create,
                        delete,
                        requests,
                        access,
                        client,
                        services.repositories().listing(),
                        links,
                        parts.tokens(),
                        services.config().sessions(),
                        services.config().egress().blockList().isPresent()),
                new LogsApi(readable),
                new UploadsApi(files),
                new ContextsApi(new ProfileRepository(services.repositories().database())),
                filesZip);
    }

    void mount(RouterBuilder builder) {
        OneShotRoutes shots = new OneShotRoutes(client, requests, services.store());
        for (OneShotKind kind : OneShotKind.values()) {
            route(builder, kind.operationId(), ctx -> shots.answer(ctx, kind));
        }
        SessionRoutes sessions = new SessionRoutes(
                access,
                services.repositories().listing(),
                services.repositories().actions(),
                services.repositories().artifacts(),
                links,
                searches);
        mountVerbs(builder);
        mountLogs(builder);

        route(builder, "createSession", Answers.json(201, create::create));
        route(builder, "listSessions", Answers.json(sessions::list));
        route(builder, "deleteSession", Answers.json(delete::delete));
        route(
                builder,
                "getThumbnail",
                new ThumbnailRoute(
                        access,
                        (id, width) -> services.node().screens().find(id).map(screen -> screen.picture(width)))::send);
        route(
                builder,
                "getRecording",
                new RecordingRoute(access, vertx.fileSystem(), services.node().recordings())::send);
        route(builder, "listPages", Answers.json(sessions::pages));
        route(builder, "listRoutes", Answers.json(sessions::routes));
        route(builder, "listActions", Answers.json(sessions::actions));
        ReportRoutes reports = new ReportRoutes(
                access, services.repositories().reports(), new OptionsReader(services.config()), sessions);
        route(builder, "updateSession", Answers.json(reports::update));
        route(builder, "addSteps", Answers.json(201, reports::addSteps));
        route(builder, "listSteps", Answers.json(reports::listSteps));
        RunRoutes runs = new RunRoutes(services.repositories().runs(), searches);
        route(builder, "listRuns", Answers.json(runs::list));
        route(builder, "getRun", Answers.json(runs::get));
        route(builder, "getTestHistory", Answers.json(runs::history));
        mountShares(builder);
        mountTasks(builder);
        mountProfiles(builder);
        mountWebhooks(builder);
        route(builder, "openCdp", Answers.json(ctx -> CdpSockets.notASocket()));
        route(builder, "connect", Answers.json(ctx -> CdpSockets.notASocket()));
        // The HTTP verticle answers these before the router: they take a token, where other routes need a key.
        route(builder, "openLive", RoutingContext::next);
        route(builder, "getCdpVersion", RoutingContext::next);
        route(builder, "streamSessionEvents", RoutingContext::next);
        route(builder, "streamEvents", RoutingContext::next);
        route(builder, "streamTaskEvents", RoutingContext::next);
        mountMcp(builder);
        mountCaller(builder);
        mountAdmin(builder);
        route(builder, "getSession", Answers.json(sessions::get));
        route(builder, "listArtifacts", Answers.json(sessions::artifacts));
        route(builder, "getSessionHealth", Answers.json(sessions::health));
    }

    private void mountCaller(RouterBuilder builder) {
        CallerRoutes caller = new CallerRoutes(
                services.keys(),
                new UsageRepository(services.repositories().database()),
                contract.version(),
                services.machineId(),
                services.config(),
                searches);
        route(builder, "getMe", Answers.json(caller::me));
        route(builder, "getUsage", Answers.json(caller::usage));
    }

    private void mountAdmin(RouterBuilder builder) {
        Database database = services.repositories().database();
        AdminAccess who = new AdminAccess(services.keys());
        AdminRoutes admin = new AdminRoutes(
                services.machineId(),
                services.config().sessions().drainSeconds(),
                client,
                services.cluster().table(),
                who,
                new AdminLog(database),
                services.retention().reconciler());
        route(builder, "drain", Answers.json(202, admin::drain));
        route(builder, "undrain", Answers.json(200, admin::undrain));
        route(builder, "listNodes", Answers.json(admin::nodes));
        route(builder, "listAdminLog", Answers.json(admin::log));
        route(builder, "reconcile", Answers.json(admin::reconcile));
        SessionEnds ends = new SessionEnds(client, services.repositories().all(), new AdminLog(database));
        AllSessionsRoutes all = new AllSessionsRoutes(
                services.repositories().all(),
                ends,
                who,
                searches,
                services.config().access().adminsSeeContent());
        route(builder, "listAllSessions", Answers.json(all::list));
        route(builder, "endAnySession", Answers.json(all::end));
        AccessRoutes accounts =
                new AccessRoutes(new UserAdministration(database), new KeyAdministration(database), who, ends);
        route(builder, "createKey", Answers.json(201, accounts::createKey));
        route(builder, "listKeys", Answers.json(accounts::listKeys));
        route(builder, "changeKey", Answers.json(accounts::changeKey));
        route(builder, "revokeKey", Answers.json(accounts::revokeKey));
        route(builder, "rotateKey", Answers.json(201, accounts::rotateKey));
        route(builder, "createUser", Answers.json(201, accounts::createUser));
        route(builder, "listUsers", Answers.json(accounts::listUsers));
        route(builder, "removeUser", Answers.json(accounts::removeUser));
        route(builder, "getUsageOfKeys", Answers.json(new UsageRoutes(new UsageRepository(database), searches)::usage));
    }

    private void mountMcp(RouterBuilder builder) {
        McpRoute mcp = new McpRoute(services.mcp(), links, shares);
        // The library of the protocol reads the body.
        parameters(builder, "sendMcpMessage").addHandler(parts.origins()::guard).addHandler(mcp);
        parameters(builder, "endMcpSession").addHandler(parts.origins()::guard).addHandler(mcp);
    }

    private void mountShares(RouterBuilder builder) {
        route(builder, "shareSession", Answers.json(201, shares::create));
        route(builder, "listShareLinks", Answers.json(shares::list));
        route(builder, "revokeShareLink", Answers.json(shares::revoke));
    }

    private void mountWebhooks(RouterBuilder builder) {
        Database database = services.repositories().database();
        WebhookRoutes webhooks = new WebhookRoutes(
                new WebhookRepository(database), new DeliveryRepository(database), services.webhookDoor());
        route(builder, "createWebhook", Answers.json(201, webhooks::create));
        route(builder, "listWebhooks", Answers.json(webhooks::list));
        route(builder, "getWebhook", Answers.json(webhooks::get));
        route(builder, "deleteWebhook", Answers.json(webhooks::delete));
        route(builder, "testWebhook", Answers.json(202, webhooks::test));
        route(builder, "listDeliveries", Answers.json(webhooks::deliveries));
        route(builder, "replayDelivery", Answers.json(webhooks::replay));
    }

    private void mountProfiles(RouterBuilder builder) {
        ProfileRoutes profiles =
                new ProfileRoutes(new ProfileRepository(services.repositories().database()));
        route(builder, "listProfiles", Answers.json(profiles::list));
        route(builder, "getProfile", Answers.json(profiles::get));
        route(builder, "deleteProfile", Answers.json(profiles::delete));
    }

    private void mountTasks(RouterBuilder builder) {
        AgentClient agents = new AgentClient(vertx);
        OptionsReader options = new OptionsReader(services.config());
        double maxCostUsd = services.config().ai().maxCostUsd();
        TaskRoutes tasks = new TaskRoutes(
                agents, services.repositories().tasks(), services.repositories().taskListing());
        route(
                builder,
                "executeTask",
                Answers.json(
                        202,
                        new ExecuteRoute(
                                        agents,
                                        access,
                                        services.repositories().tasks(),
                                        options,
                                        maxCostUsd,
                                        parts.tokens())::execute));
        route(builder, "listTasks", Answers.json(tasks::list));
        route(builder, "cancelTask", Answers.json(tasks::cancel));
        route(builder, "answerTask", Answers.json(tasks::answer));
        route(builder, "getTask", Answers.json(tasks::status));
    }

    private void mountLogs(RouterBuilder builder) {
        LogRoutes logs = new LogRoutes(readable);
        route(builder, "listConsole", Answers.json(logs::console));
        route(builder, "listNetwork", Answers.json(logs::network));
        route(builder, "getHar", new HarRoute(vertx, readable)::send);
        route(
                builder,
                "getTimeline",
                Answers.json(new TimelineRoute(
                        readable,
                        access,
                        new UsageRepository(services.repositories().database()),
                        services.repositories().reports())::timeline));
        route(builder, "getNetworkBody", new BodyRoute(readable)::send);
        mountExport(builder, readable);
        mountFiles(builder);
    }

    private void mountFiles(RouterBuilder builder) {
        route(builder, "listFiles", Answers.json(files::list));
        parameters(builder, PUT_FILE).addHandler(Answers.json(files::put));
        route(builder, "getFile", files::get);
        route(builder, "headFile", files::get);
        route(builder, "deleteFile", Answers.json(files::remove));
        route(builder, "getFilesZip", filesZip::send);
    }

    private void mountExport(RouterBuilder builder, ReadableLogs logs) {
        ReportReader reports = new ReportReader(
                logs,
                services.repositories().actions(),
                services.repositories().artifacts(),
                services.repositories().taskListing(),
                services.repositories().taskStory(),
                services.repositories().reports());
        ExportContents contents = new ExportContents(
                logs,
                services.repositories().actions(),
                services.repositories().artifacts(),
                services.store(),
                reports,
                services.repositories().reports());
        route(builder, "getReport", new ReportRoute(access, reports, links)::send);
        route(
                builder,
                "getScript",
                new ScriptRoute(access, services.repositories().actions(), links)::send);
        route(builder, "exportSession", new ExportRoute(vertx, access, contents)::send);
    }

    private void mountVerbs(RouterBuilder builder) {
        VerbRoutes verbs = new VerbRoutes(vertx, access, services.store());
        // A verb checks its arguments itself.
        Verbs.all()
                .forEach(verb -> parameters(builder, VerbRoutes.operationId(contract.parsed(), verb))
                        .addHandler(new JsonBody(verb.hasLargeBody() ? JsonBody.MANY_PARTS : JsonBody.USUAL_MAX_PARTS))
                        .addHandler(Answers.json(ctx -> verbs.perform(ctx, verb))));
    }

    /** Mounts an operation whose body the contract's validator checks, where it has one. */
    private void route(RouterBuilder builder, String operationId, Handler<RoutingContext> handler) {
        OpenAPIRoute route = parameters(builder, operationId);
        if (route.getOperation().getRequestBody() != null) {
            route.addHandler(new JsonBody()).addHandler(new ContractCheck(contract.parsed(), route.getOperation()));
        }
        route.addHandler(handler);
    }

    /** The route of an operation, whose parameters are read. */
    private static OpenAPIRoute parameters(RouterBuilder builder, String operationId) {
        OpenAPIRoute route = builder.getRoute(operationId).setDoValidation(false);
        return route.addHandler(new ContractParameters(route.getOperation()));
    }
}
