package dev.berth.node;

import dev.berth.access.KeyRepository;
import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.FrontEnd;
import dev.berth.cdpclient.CdpRelays;
import dev.berth.config.RecordingConfig.Recorded;
import dev.berth.database.Notifications;
import dev.berth.history.AllSessions;
import dev.berth.history.RunRepository;
import dev.berth.history.SessionListing;
import dev.berth.http.ApiVerticle;
import dev.berth.http.Contract;
import dev.berth.http.HttpServices;
import dev.berth.http.HttpServices.McpRequests;
import dev.berth.http.pages.DevTools;
import dev.berth.mcp.McpEndpoint;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.retention.Retention;
import dev.berth.session.record.RecordingFolders;
import dev.berth.webdriver.WebDriverSessions;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The HTTP API of a node, with the MCP server and the webhooks that it serves. */
public final class NodeApi {
    private static final int SECRET_BYTES = 32;

    private final Node node;
    private final NodeEgress egress;
    private final NodeStorage storage;
    private final NodeBrowsers browsers;
    private final NodeActors actors;
    private final Membership membership;
    private final KeyRepository keys;
    private final Retention retention;
    private volatile int port;
    private volatile boolean ready;

    public NodeApi(
            Node node,
            NodeEgress egress,
            NodeStorage storage,
            NodeBrowsers browsers,
            NodeActors actors,
            Membership membership,
            KeyRepository keys) {
        this.node = node;
        this.egress = egress;
        this.storage = storage;
        this.browsers = browsers;
        this.actors = actors;
        this.membership = membership;
        this.keys = keys;
        this.retention = new Retention(
                node.vertx(), node.config().retention(), storage.database(), storage.outbox(), storage.store());
    }

    /** Completes when it listens, which {@code /health/ready} does not tell yet. */
    public Future<Void> start(Future<Contract> contract, Notifications notifications) {
        byte[] candidate = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(candidate);
        return keys.secret("session-tokens", candidate)
                // The tools' schemas take longer than an event loop has.
                .compose(secret -> node.vertx().executeBlocking(this::mcp).compose(mcp -> {
                    NodeWebhooks webhooks = new NodeWebhooks(node, egress, storage.database(), this::port);
                    return listen(contract, notifications, secret, mcp, webhooks)
                            // Deliveries tell the API's address.
                            .compose(listening -> webhooks.deploy());
                }));
    }

    public int port() {
        return port;
    }

    /** Now the node takes sessions. */
    public void tellReady() {
        ready = true;
        retention.start(node.metrics());
        node.parts().add(retention::close);
    }

    private McpEndpoint mcp() {
        McpEndpoint mcp = new McpEndpoint(
                node.vertx(),
                node.machineId(),
                new SessionClient(node.vertx()).at(node.machineId()),
                mcpOptions(),
                this::live,
                user -> (chars, sending) -> McpRequests.counted(user, chars, sending),
                storage.store(),
                storage.logs());
        node.parts().add(mcp::close);
        return mcp;
    }

    private WebDriverSessions webdriver() {
        WebDriverSessions sessions = new WebDriverSessions(
                node.vertx(),
                browsers.launcher().drivers(),
                new CdpRelays.Chromes(browsers.pipes(), actors.screens(), browsers.version()),
                node.metrics().relay());
        node.parts().add(sessions::close);
        return sessions;
    }

    private DevTools devTools() {
        FrontEnd frontEnd = browsers.launcher().frontEnd();
        return new DevTools(node.vertx(), () -> frontEnd.files().recover(NodeApi::told));
    }

    /** A failed launch tells what to allow. */
    private static <T> Future<T> told(Throwable e) {
        return Future.failedFuture(
                e instanceof LaunchException
                        ? new BerthException(ErrorCode.UNAVAILABLE, "DevTools: " + e.getMessage(), "see /docs/watch")
                        : e);
    }

    private Future<List<McpEndpoint.LiveSession>> live(long userId, long keyId, Map<String, String> labels) {
        return new SessionListing(storage.database(), storage.outbox())
                .liveOfKey(userId, keyId, labels)
                .map(found -> found.stream()
                        .map(each -> new McpEndpoint.LiveSession(
                                each.sessionId(), each.profile().map(ProfileOutcome::name)))
                        .toList());
    }

    /** Bodies are kept: a tool reads them. */
    private SessionOptions mcpOptions() {
        var sessions = node.config().sessions();
        var recording = node.config().recording();
        return SessionOptions.builder()
                .timeouts(new SessionTimeouts(
                        sessions.idleTimeoutMillis(), sessions.lifetimeMillis(), sessions.reconnectMillis()))
                .recording(recording.recorded() != Recorded.NOT)
                .recordingOnFailure(recording.recorded() == Recorded.ON_FAILURE)
                .flightRecorder(recording.flightRecorder())
                .bodies(true)
                .build();
    }

    private Future<Void> listen(
            Future<Contract> contract,
            Notifications notifications,
            byte[] tokenSecret,
            McpEndpoint mcp,
            NodeWebhooks webhooks) {
        ApiVerticle api = new ApiVerticle(
                new HttpServices(
                        node.machineId(),
                        node.config(),
                        tokenSecret,
                        keys,
                        notifications,
                        new HttpServices.Repositories(
                                storage.database(),
                                storage.sessions(),
                                new SessionListing(storage.database(), storage.outbox()),
                                new AllSessions(storage.database(), storage.outbox()),
                                storage.actions(),
                                storage.artifacts(),
                                storage.stories(),
                                storage.lifecycle(),
                                storage.reports(),
                                new RunRepository(storage.database(), storage.outbox()),
                                storage.tasks(),
                                storage.taskListing(),
                                storage.taskStory()),
                        storage.store(),
                        storage.logs(),
                        storage.endedLogs(),
                        new HttpServices.ThisNode(
                                new CdpRelays.Chromes(browsers.pipes(), actors.screens(), browsers.version()),
                                id -> BrowserScreen.find(actors.screens(), id),
                                new RecordingFolders(node.vertx(), node.config().dataDir())::video,
                                checks(),
                                browsers.launcher().protections(),
                                node.metrics()),
                        new HttpServices.InCluster(
                                membership.neighbours(node, actors.supervisor()::holds, storage.owners()),
                                membership.table()),
                        webhooks,
                        (request, user, key, links, body, over) ->
                                mcp.handle(request, user, key, links::link, body, over),
                        webdriver(),
                        devTools(),
                        storage.extensions(),
                        retention),
                contract);
        return node.deploy(api)
                .onSuccess(deployed -> {
                    port = api.port();
                    egress.bar(port);
                })
                .recover(this::explain);
    }

    private <T> Future<T> explain(Throwable e) {
        var http = node.config().http();
        return e instanceof BerthException known
                ? StartException.fail(known.getMessage(), e)
                : StartException.fail(
                        "http.port (BERTH_HTTP_PORT): " + http.host() + ":" + http.port() + " can't be used: "
                                + StartException.rootMessage(e),
                        e);
    }

    private Map<String, Supplier<Future<?>>> checks() {
        Map<String, Supplier<Future<?>>> checks = new HashMap<>(membership.checks());
        checks.put("chrome", browsers::check);
        checks.put("disk", this::checkDisk);
        checks.put("rehearsal", this::checkReady);
        return checks;
    }

    private Future<Void> checkReady() {
        return ready
                ? Future.succeededFuture()
                : Future.failedFuture(new BerthException(ErrorCode.NOT_READY, "the server is still rehearsing"));
    }

    private Future<Void> checkDisk() {
        return browsers.full()
                .<Future<Void>>map(why -> Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, why)))
                .orElseGet(storage.store()::checkSpool);
    }
}
