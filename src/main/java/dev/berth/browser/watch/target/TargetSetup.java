package dev.berth.browser.watch.target;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.target.TargetSteps.SetupCommand;
import dev.berth.protocol.Emulation.Permission;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the commands that set up each new target while Chrome holds it before its first instruction. Lives on the connection's
 * context.
 */
public final class TargetSetup {
    private static final Logger log = LoggerFactory.getLogger(TargetSetup.class);
    private static final long ANSWER_MILLIS = 1_000;
    private static final JsonObject NOTHING = TargetSteps.NOTHING;

    private final CdpConnection connection;
    private final Supplier<TargetSteps> targets;
    private final Path downloads;

    public TargetSetup(CdpConnection connection, Supplier<TargetSteps> targets, Path downloads) {
        this.connection = connection;
        this.targets = targets;
        this.downloads = downloads;
    }

    public Future<Void> discover() {
        return Future.all(
                        connection.send(CdpConnection.BROWSER, "Browser.setDownloadBehavior", downloads()),
                        connection.send(CdpConnection.BROWSER, "Target.setAutoAttach", TargetSteps.AUTO_ATTACH))
                .mapEmpty();
    }

    /**
     * Creates a page that navigates to {@code url} as soon as it is prepared. Completes with its target id; fails if Chrome finds
     * the URL invalid.
     */
    public Future<String> openPage(String url, long timeoutMillis) {
        return connection
                .send(CdpConnection.BROWSER, "Target.createTarget", new JsonObject().put("url", url), timeoutMillis)
                .map(created -> created.getString("targetId"));
    }

    /** Sets the downloads of a browser context, such as CDP clients create; fails if it does not exist. */
    Future<?> prepareContext(String browserContextId) {
        JsonObject settings = downloads().put("browserContextId", browserContextId);
        return connection.send(CdpConnection.BROWSER, "Browser.setDownloadBehavior", settings);
    }

    void prepareDefaultContext() {
        send(CdpConnection.BROWSER, new SetupCommand("Browser.setDownloadBehavior", downloads(), false));
    }

    public List<Permission> permissions() {
        return targets.get().emulation().permissions();
    }

    /** @param browserContextId empty for the default one */
    Future<?> permit(Optional<String> browserContextId) {
        JsonObject settings = new JsonObject();
        browserContextId.ifPresent(id -> settings.put("browserContextId", id));
        return permissions().isEmpty()
                ? connection.send(CdpConnection.BROWSER, "Browser.resetPermissions", settings)
                : connection.send(
                        CdpConnection.BROWSER,
                        "Browser.grantPermissions",
                        settings.put("permissions", EmulationSteps.chromes(permissions())));
    }

    private JsonObject downloads() {
        return new JsonObject()
                .put("behavior", "allowAndName")
                .put("downloadPath", downloads.toString())
                .put("eventsEnabled", true);
    }

    /**
     * Sends all commands at once, in order, and then lets the target run. Completes when it runs.
     *
     * @param mayRun completes when the target may run, with the party that lets it run
     */
    public Future<Void> prepare(String sessionId, JsonObject target, Future<TargetHolds.Starter> mayRun) {
        List<Future<?>> sent = sendAll(sessionId, targets.get().of(target));
        boolean isWorker = TargetSteps.WORKERS.contains(target.getString("type"));
        sent.add(isWorker ? startWorker(sessionId, mayRun) : startPage(sessionId, target, mayRun));
        return Future.join(sent).mapEmpty();
    }

    /** Sends what no session's options change, for a session that has not come yet, and lets the target run. */
    public Future<Void> prepareInAdvance(String sessionId, JsonObject target) {
        List<Future<?>> sent = sendAll(sessionId, TargetSteps.inAdvance(target));
        sent.add(start(sessionId));
        return Future.join(sent).mapEmpty();
    }

    /** The rest for a target that was prepared in advance. Fails where it does not answer now: Chrome may have died, or hang. */
    public Future<Void> complete(String sessionId, JsonObject target) {
        return Future.join(sendAll(sessionId, targets.get().afterAdvance(target)))
                .mapEmpty();
    }

    private List<Future<?>> sendAll(String sessionId, List<SetupCommand> steps) {
        List<Future<?>> sent = new ArrayList<>();
        steps.forEach(step -> sent.add(send(sessionId, step)));
        return sent;
    }

    /**
     * Lets a page run. A popup that its opener can access shares the opener's process: one {@code runIfWaitingForDebugger} is
     * enough there, and Chrome would take a second one for the next popup that waits in that process. Any other page navigates
     * only when all sessions attached to it have sent the command.
     */
    private Future<?> startPage(String sessionId, JsonObject target, Future<TargetHolds.Starter> mayRun) {
        boolean withOpener = target.getBoolean("canAccessOpener", false);
        return mayRun.compose(
                by -> by == TargetHolds.Starter.CLIENT && withOpener ? Future.succeededFuture() : start(sessionId));
    }

    private Future<?> startWorker(String sessionId, Future<TargetHolds.Starter> mayRun) {
        return mayRun.isComplete()
                ? start(sessionId)
                : mayRun.compose(free -> takesCommands(sessionId)).compose(ready -> start(sessionId));
    }

    private Future<JsonObject> start(String sessionId) {
        return connection.send(sessionId, "Runtime.runIfWaitingForDebugger", NOTHING);
    }

    /**
     * Until a worker accepts commands, Chrome queues them per client, and delivers one queue after the other: with {@code
     * runIfWaitingForDebugger} in the eyes' queue, the worker would run before it gets the commands of CDP clients. So this
     * waits for an answer first.
     */
    private Future<?> takesCommands(String sessionId) {
        return connection
                .send(sessionId, "Runtime.enable", NOTHING, ANSWER_MILLIS)
                .otherwiseEmpty();
    }

    private Future<JsonObject> send(String sessionId, SetupCommand step) {
        Future<JsonObject> sent = connection.send(sessionId, step.method(), step.params());
        return step.essential()
                ? sent
                : sent.recover(e -> {
                    log.debug("{} refused: {}", step.method(), e.getMessage());
                    return Future.succeededFuture(NOTHING);
                });
    }
}
