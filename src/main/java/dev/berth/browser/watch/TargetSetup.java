package dev.berth.browser.watch;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the commands that set up each new target while Chrome holds it before its first instruction: which events it reports,
 * and which viewport, locale, time zone and user agent it has. Lives on the browser's context.
 */
final class TargetSetup {
    private static final Logger log = LoggerFactory.getLogger(TargetSetup.class);
    private static final Set<String> DOCUMENTS = Set.of("page", "iframe");
    private static final Set<String> WORKERS = Set.of("worker", "shared_worker", "service_worker");
    private static final long ANSWER_MILLIS = 1_000;
    private static final JsonObject NOTHING = new JsonObject();
    private static final JsonObject AUTO_ATTACH = new JsonObject()
            .put("autoAttach", true)
            .put("waitForDebuggerOnStart", true)
            .put("flatten", true);
    /** Berth reads no bodies from Chrome, so Chrome keeps none. */
    private static final JsonObject NO_BODIES =
            new JsonObject().put("maxTotalBufferSize", 0).put("maxResourceBufferSize", 0);

    /**
     * Only the first frame of a stack is kept, but Chrome captures 200 by default, for each console entry and request. CDP
     * clients that enable {@code Runtime} themselves still get all.
     */
    private static final JsonObject ONE_FRAME = new JsonObject().put("size", 1);

    private final CdpConnection connection;
    private final Supplier<String> defaultUserAgent;
    private final SessionOptions options;
    private final Path downloads;

    /** @param defaultUserAgent read when the first target is set up */
    TargetSetup(CdpConnection connection, Supplier<String> defaultUserAgent, SessionOptions options, Path downloads) {
        this.downloads = downloads;
        this.connection = connection;
        this.defaultUserAgent = defaultUserAgent;
        this.options = options;
    }

    /** @param essential whether the target can't be watched if Chrome refuses the command */
    private record Step(String method, JsonObject params, boolean essential) {}

    /** Attaches to all targets, present and future. */
    Future<Void> discover() {
        return Future.all(
                        connection.send(CdpConnection.BROWSER, "Browser.setDownloadBehavior", downloads()),
                        connection.send(CdpConnection.BROWSER, "Target.setAutoAttach", AUTO_ATTACH))
                .mapEmpty();
    }

    /** Creates a page that navigates to {@code url} as soon as it is prepared; fails if Chrome finds the URL invalid. */
    Future<Void> openPage(String url) {
        return connection
                .send(CdpConnection.BROWSER, "Target.createTarget", new JsonObject().put("url", url))
                .mapEmpty();
    }

    /** Sets the downloads of a browser context, such as CDP clients create; fails if it does not exist. */
    Future<?> prepareContext(String browserContextId) {
        JsonObject settings = downloads().put("browserContextId", browserContextId);
        return connection.send(CdpConnection.BROWSER, "Browser.setDownloadBehavior", settings);
    }

    /** Sets the downloads of the default context again. */
    void prepareDefaultContext() {
        send(CdpConnection.BROWSER, new Step("Browser.setDownloadBehavior", downloads(), false));
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
    Future<Void> prepare(String sessionId, JsonObject target, Future<TargetHolds.Starter> mayRun) {
        String type = target.getString("type");
        List<Step> steps = new ArrayList<>();
        if (DOCUMENTS.contains(type)) {
            document(steps, type.equals("page") && !target.containsKey("openerId"));
        } else if (WORKERS.contains(type)) {
            worker(steps);
        }
        List<Future<?>> sent = new ArrayList<>();
        steps.forEach(step -> sent.add(send(sessionId, step)));
        sent.add(WORKERS.contains(type) ? startWorker(sessionId, mayRun) : startPage(sessionId, target, mayRun));
        return Future.join(sent).mapEmpty();
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

    /** Lets a target run that was prepared before. */
    void letRun(String sessionId) {
        send(sessionId, new Step("Runtime.runIfWaitingForDebugger", NOTHING, false));
    }

    private Future<JsonObject> send(String sessionId, Step step) {
        Future<JsonObject> sent = connection.send(sessionId, step.method(), step.params());
        return step.essential()
                ? sent
                : sent.recover(e -> {
                    log.debug("{} refused: {}", step.method(), e.getMessage());
                    return Future.succeededFuture(NOTHING);
                });
    }

    private void document(List<Step> steps, boolean ownWindow) {
        steps.add(new Step("Page.enable", NOTHING, true));
        steps.add(new Step("Page.setLifecycleEventsEnabled", new JsonObject().put("enabled", true), true));
        watch(steps, true);
        if (ownWindow) {
            // A popup has the size that its opener gave it.
            steps.add(new Step("Emulation.setDeviceMetricsOverride", metrics(), true));
        }
        options.timezone()
                .ifPresent(zone -> steps.add(
                        new Step("Emulation.setTimezoneOverride", new JsonObject().put("timezoneId", zone), false)));
        options.locale()
                .ifPresent(locale -> steps.add(
                        new Step("Emulation.setLocaleOverride", new JsonObject().put("locale", locale), false)));
    }

    private void worker(List<Step> steps) {
        watch(steps, false);
    }

    private void watch(List<Step> steps, boolean essential) {
        steps.add(new Step("Network.enable", NO_BODIES, essential));
        steps.add(new Step("Log.enable", NOTHING, essential));
        steps.add(new Step("Runtime.enable", NOTHING, true));
        steps.add(new Step("Runtime.setMaxCallStackSizeToCapture", ONE_FRAME, false));
        steps.add(new Step("Target.setAutoAttach", AUTO_ATTACH, false));
        if (options.userAgent().isPresent() || options.locale().isPresent()) {
            steps.add(new Step("Network.setUserAgentOverride", userAgent(), false));
        }
    }

    private JsonObject metrics() {
        return new JsonObject()
                .put("width", options.viewport().width())
                .put("height", options.viewport().height())
                // Pages take a screen that is smaller than its window for the sign of a bot.
                .put("screenWidth", options.viewport().width())
                .put("screenHeight", options.viewport().height())
                .put("deviceScaleFactor", 1)
                .put("mobile", false);
    }

    private JsonObject userAgent() {
        JsonObject override =
                new JsonObject().put("userAgent", options.userAgent().orElseGet(defaultUserAgent));
        options.locale().ifPresent(locale -> override.put("acceptLanguage", locale));
        return override;
    }
}
