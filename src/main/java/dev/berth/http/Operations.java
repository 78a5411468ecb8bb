package dev.berth.http;

import dev.berth.access.AdminLog;
import dev.berth.database.Database;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.UsageRepository;
import dev.berth.history.profile.ProfileRepository;
import dev.berth.history.webhook.DeliveryRepository;
import dev.berth.history.webhook.WebhookRepository;
import dev.berth.http.admin.CallerRoutes;
import dev.berth.http.browserbase.Browserbase;
import dev.berth.http.browserbase.ContextsApi;
import dev.berth.http.browserbase.LogsApi;
import dev.berth.http.browserbase.SessionsApi;
import dev.berth.http.browserbase.UploadsApi;
import dev.berth.http.browserless.Browserless;
import dev.berth.http.browserless.LiveApi;
import dev.berth.http.browserless.ShotsApi;
import dev.berth.http.export.ExportContents;
import dev.berth.http.export.ExportRoute;
import dev.berth.http.export.FilesZipRoute;
import dev.berth.http.export.HarRoute;
import dev.berth.http.export.ReportReader;
import dev.berth.http.export.ReportRoute;
import dev.berth.http.export.ScriptRoute;
import dev.berth.http.oneshot.OneShotAnswers;
import dev.berth.http.oneshot.OneShotKind;
import dev.berth.http.oneshot.OneShotRoutes;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.Answers;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.SessionRequest;
import dev.berth.http.routes.BodyRoute;
import dev.berth.http.routes.CreateRoute;
import dev.berth.http.routes.DeleteRoute;
import dev.berth.http.routes.ExecuteRoute;
import dev.berth.http.routes.ExtensionRoutes;
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
import dev.berth.http.webdriver.Capabilities;
import dev.berth.http.webdriver.DriverFiles;
import dev.berth.http.webdriver.WebDriverApi;
import dev.berth.http.webdriver.WebDriverPaths;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.SessionClient;
import dev.berth.verbs.Verbs;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/** Mounts the operations of the contract: each by its id, with what answers it. */
final class Operations {
    /** The operation whose body is no JSON. */
    static final String PUT_FILE = "putFile";
    /** The operation whose body is a zip. */
    static final String PUT_EXTENSION = "putExtension";

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
    private final OneShotAnswers oneShots;
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
        this.oneShots = new OneShotAnswers(client, services.store());
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

    /** Browserless's API, with the same one-shots. */
    Browserless browserless() {
        return new Browserless(
                new ShotsApi(client, requests, oneShots, HttpParts.launchLimits(services.config())),
                new LiveApi(
                        services.repositories().listing(),
                        client,
                        services.machineId(),
                        services.config().sessions().queueMax()));
    }

    /** WebDriver, with sessions of this node: another one is chosen before, by what passes requests on. */
    WebDriverPaths webdriver() {
        return new WebDriverPaths(new WebDriverApi(
                services.webdriver(),
                new SessionClient(vertx).at(services.machineId()).from(ActionSource.CDP),
                services.machineId(),
                requests,
                links,
                new Capabilities.Server(
                        services.node().chromes().told().getString("Browser"),
                        services.config().sessions().maxLifetimeMillis()),
                new DriverFiles(vertx, files, services.store())));
    }

    void mount(MountedContract operations) {
        OneShotRoutes shots = new OneShotRoutes(requests, oneShots);
        for (OneShotKind kind : OneShotKind.values()) {
            operations.route(kind.operationId(), ctx -> shots.answer(ctx, kind));
        }
        SessionRoutes sessions = new SessionRoutes(
                access,
                services.repositories().listing(),
                services.repositories().actions(),
                services.repositories().artifacts(),
                links,
                searches);
        mountVerbs(operations);
        mountLogs(operations);

        operations.route("createSession", Answers.json(201, create::create));
        operations.route("listSessions", Answers.json(sessions::list));
        operations.route("deleteSession", Answers.json(delete::delete));
        operations.route(
                "getThumbnail",
                new ThumbnailRoute(
                        access,
                        (id, width) -> services.node().screens().find(id).map(screen -> screen.picture(width)))::send);
        operations.route(
                "getRecording",
                new RecordingRoute(access, vertx.fileSystem(), services.node().recordings())::send);
        operations.route("listPages", Answers.json(sessions::pages));
        operations.route("listRoutes", Answers.json(sessions::routes));
        operations.route("listActions", Answers.json(sessions::actions));
        ReportRoutes reports = new ReportRoutes(
                access, services.repositories().reports(), new OptionsReader(services.config()), sessions);
        operations.route("updateSession", Answers.json(reports::update));
        operations.route("addSteps", Answers.json(201, reports::addSteps));
        operations.route("listSteps", Answers.json(reports::listSteps));
        RunRoutes runs = new RunRoutes(services.repositories().runs(), searches);
        operations.route("listRuns", Answers.json(runs::list));
        operations.route("getRun", Answers.json(runs::get));
        operations.route("getTestHistory", Answers.json(runs::history));
        mountShares(operations);
        mountTasks(operations);
        mountProfiles(operations);
        mountExtensions(operations);
        mountWebhooks(operations);
        operations.route("openCdp", Answers.json(ctx -> CdpSockets.notASocket()));
        operations.route("connect", Answers.json(ctx -> CdpSockets.notASocket()));
        // The HTTP verticle answers these before the router: they take a token, where other routes need a key.
        operations.route("openLive", RoutingContext::next);
        operations.route("getCdpVersion", RoutingContext::next);
        operations.route("streamSessionEvents", RoutingContext::next);
        operations.route("streamEvents", RoutingContext::next);
        operations.route("streamTaskEvents", RoutingContext::next);
        mountMcp(operations);
        mountCaller(operations);
        new AdminOperations(services, client, searches).mount(operations);
        operations.route("getSession", Answers.json(sessions::get));
        operations.route("listArtifacts", Answers.json(sessions::artifacts));
        operations.route("getSessionHealth", Answers.json(sessions::health));
    }

    private void mountCaller(MountedContract operations) {
        CallerRoutes caller = new CallerRoutes(
                services.keys(),
                new UsageRepository(services.repositories().database()),
                contract.version(),
                services.machineId(),
                services.config(),
                searches);
        operations.route("getMe", Answers.json(caller::me));
        operations.route("getUsage", Answers.json(caller::usage));
    }

    private void mountMcp(MountedContract operations) {
        McpRoute mcp = new McpRoute(services.mcp(), links, shares);
        // The library of the protocol reads the body.
        operations
                .parameters("sendMcpMessage")
                .addHandler(parts.origins()::guard)
                .addHandler(mcp);
        operations
                .parameters("endMcpSession")
                .addHandler(parts.origins()::guard)
                .addHandler(mcp);
    }

    private void mountShares(MountedContract operations) {
        operations.route("shareSession", Answers.json(201, shares::create));
        operations.route("listShareLinks", Answers.json(shares::list));
        operations.route("revokeShareLink", Answers.json(shares::revoke));
    }

    private void mountWebhooks(MountedContract operations) {
        Database database = services.repositories().database();
        WebhookRoutes webhooks = new WebhookRoutes(
                new WebhookRepository(database), new DeliveryRepository(database), services.webhookDoor());
        operations.route("createWebhook", Answers.json(201, webhooks::create));
        operations.route("listWebhooks", Answers.json(webhooks::list));
        operations.route("getWebhook", Answers.json(webhooks::get));
        operations.route("deleteWebhook", Answers.json(webhooks::delete));
        operations.route("testWebhook", Answers.json(202, webhooks::test));
        operations.route("listDeliveries", Answers.json(webhooks::deliveries));
        operations.route("replayDelivery", Answers.json(webhooks::replay));
    }

    private void mountProfiles(MountedContract operations) {
        ProfileRoutes profiles =
                new ProfileRoutes(new ProfileRepository(services.repositories().database()));
        operations.route("listProfiles", Answers.json(profiles::list));
        operations.route("getProfile", Answers.json(profiles::get));
        operations.route("deleteProfile", Answers.json(profiles::delete));
    }

    private void mountExtensions(MountedContract operations) {
        ExtensionRoutes extensions = new ExtensionRoutes(services.extensions());
        operations.route("listExtensions", Answers.json(extensions::list));
        // The body is a zip.
        operations.parameters(PUT_EXTENSION).addHandler(Answers.json(extensions::put));
        operations.route("deleteExtension", Answers.json(extensions::delete));
    }

    private void mountTasks(MountedContract operations) {
        AgentClient agents = new AgentClient(vertx);
        OptionsReader options = new OptionsReader(services.config());
        double maxCostUsd = services.config().ai().maxCostUsd();
        TaskRoutes tasks = new TaskRoutes(
                agents, services.repositories().tasks(), services.repositories().taskListing());
        operations.route(
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
        operations.route("listTasks", Answers.json(tasks::list));
        operations.route("cancelTask", Answers.json(tasks::cancel));
        operations.route("answerTask", Answers.json(tasks::answer));
        operations.route("getTask", Answers.json(tasks::status));
    }

    private void mountLogs(MountedContract operations) {
        LogRoutes logs = new LogRoutes(readable);
        operations.route("listConsole", Answers.json(logs::console));
        operations.route("listNetwork", Answers.json(logs::network));
        operations.route("getHar", new HarRoute(vertx, readable)::send);
        operations.route(
                "getTimeline",
                Answers.json(new TimelineRoute(
                        readable,
                        access,
                        new UsageRepository(services.repositories().database()),
                        services.repositories().reports())::timeline));
        operations.route("getNetworkBody", new BodyRoute(readable)::send);
        mountExport(operations, readable);
        mountFiles(operations);
    }

    private void mountFiles(MountedContract operations) {
        operations.route("listFiles", Answers.json(files::list));
        operations.parameters(PUT_FILE).addHandler(Answers.json(files::put));
        operations.route("getFile", files::get);
        operations.route("headFile", files::get);
        operations.route("deleteFile", Answers.json(files::remove));
        operations.route("getFilesZip", filesZip::send);
    }

    private void mountExport(MountedContract operations, ReadableLogs logs) {
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
        operations.route("getReport", new ReportRoute(access, reports, links)::send);
        operations.route(
                "getScript", new ScriptRoute(access, services.repositories().actions(), links)::send);
        operations.route("exportSession", new ExportRoute(vertx, access, contents)::send);
    }

    private void mountVerbs(MountedContract operations) {
        VerbRoutes verbs = new VerbRoutes(vertx, access, services.store());
        // A verb checks its arguments itself.
        Verbs.all()
                .forEach(verb -> operations
                        .parameters(VerbRoutes.operationId(contract.parsed(), verb))
                        .addHandler(new JsonBody(verb.hasLargeBody() ? JsonBody.MANY_PARTS : JsonBody.USUAL_MAX_PARTS))
                        .addHandler(Answers.json(ctx -> verbs.perform(ctx, verb))));
    }
}
