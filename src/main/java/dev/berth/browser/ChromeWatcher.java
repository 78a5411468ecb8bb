package dev.berth.browser;

import dev.berth.browser.CdpConnection.CdpEvent;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The eyes: attached to every page, cross-site iframe and worker of one Chrome, from before its first byte, also to those
 * that other clients open. Turns CDP events into calls of a {@link BrowserListener}.
 */
final class ChromeWatcher {
    private static final Logger log = LoggerFactory.getLogger(ChromeWatcher.class);
    /** When a page's title is likely to be new: Chrome has no event for it. */
    private static final Set<String> TITLE_MOMENTS = Set.of("DOMContentLoaded", "load", "networkIdle");

    private static final int MAX_URL_CHARS = 16_384;
    /** Through the page's tasks: a form that is submitted goes its way in a task of its own. */
    private static final JsonObject ROUND_TRIP = new JsonObject()
            .put("expression", "new Promise(done => setTimeout(() => setTimeout(done)))")
            .put("awaitPromise", true);

    private static final long RESTORE_MILLIS = 300;
    private static final long REFRESH_NANOS = 250_000_000;
    private static final long SETTLE_MILLIS = 500;
    private static final long ARRIVAL_MILLIS = 10_000;

    /** Reported by each page that uses them and by the browser: the browser's report is the one that is watched. */
    private static final Set<String> SHARED = Set.of("service_worker", "shared_worker");

    private final Vertx vertx;
    private final CdpConnection connection;
    private final TargetSetup setup;
    private final BrowserListener listener;
    private final NetworkTracker network;
    private final Map<String, PageTarget> pagesBySession = new LinkedHashMap<>();
    private final Set<String> contexts = new HashSet<>();
    private final Set<Future<Void>> preparing = new HashSet<>();
    private final Dialogs dialogs;
    private final DownloadTracker downloads;
    private final FirstPage firstPage;
    private long restoreTimer = -1;
    private long refreshedAtNanos = System.nanoTime();

    ChromeWatcher(
            Vertx vertx,
            CdpConnection connection,
            Supplier<String> defaultUserAgent,
            SessionOptions options,
            BrowserFiles files,
            BrowserListener listener) {
        this.vertx = vertx;
        this.connection = connection;
        this.setup = new TargetSetup(connection, defaultUserAgent, options, files.downloads());
        this.firstPage = new FirstPage(setup);
        this.listener = listener;
        this.network = new NetworkTracker(listener::requestFinished, this::responded);
        this.dialogs = new Dialogs(vertx, connection, listener::dialogAnswered);
        this.downloads = new DownloadTracker(files.downloads(), listener::downloadEnded);
        connection.onEvent(this::handle);
    }

    /**
     * Completes when the first page is watched.
     *
     * @param newPage where to send the first page; empty where there is a page already
     */
    Future<Void> start(Optional<String> newPage) {
        connection.closed().onSuccess(gone -> firstPage.gone("the browser is gone"));
        Future<Void> discovered = setup.discover();
        newPage.ifPresent(firstPage::open);
        return discovered.compose(done -> firstPage.watched());
    }

    /** The page that commands act on: the last one opened that is still there. */
    Optional<PageTarget> activePage() {
        PageTarget last = null;
        for (PageTarget page : pagesBySession.values()) {
            last = page;
        }
        return Optional.ofNullable(last);
    }

    PageTarget requireActivePage() {
        return activePage().orElseThrow(() -> Failures.failed("the browser has no page open"));
    }

    /** Completes when every target that Chrome knows now is watched, or Chrome is gone. */
    Future<Void> watching() {
        // After a round trip it has told of all of them.
        return connection
                .send(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject())
                .compose(told -> Future.join(List.copyOf(preparing)))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** With a client that leaves goes what it set: Chrome does not fall back to what was before. */
    void clientsChanged(int connected) {
        dialogs.leaveToClients(connected > 0);
        vertx.cancelTimer(restoreTimer);
        // Once Chrome has noticed.
        restoreTimer = vertx.setTimer(RESTORE_MILLIS, ignored -> {
            setup.prepareDefaultContext();
            List.copyOf(contexts).forEach(this::prepare);
        });
    }

    /** One that Chrome does not know is gone with its client, or is the default one. */
    private void prepare(String context) {
        setup.prepareContext(context).onFailure(e -> contexts.remove(context));
    }

    Dialogs dialogs() {
        return dialogs;
    }

    /** Reports what is in flight; nothing is heard afterwards. */
    void stop() {
        connection.onEvent(event -> {});
        network.abandonAll();
        downloads.abandonAll("the session ended");
        dialogs.stop();
        vertx.cancelTimer(restoreTimer);
        pagesBySession.values().forEach(page -> page.gone("the session ended"));
    }

    private void handle(CdpEvent event) {
        JsonObject params = event.params();
        switch (event.method()) {
            case "Target.attachedToTarget" -> attached(event.sessionId(), params);
            case "Target.detachedFromTarget" -> detached(params.getString("sessionId"));
            case "Runtime.consoleAPICalled" -> listener.consoleLogged(ConsoleFormatter.consoleCall(params));
            case "Runtime.exceptionThrown" -> listener.consoleLogged(ConsoleFormatter.exception(params));
            case "Log.entryAdded" -> logged(params);
            case "Page.javascriptDialogOpening" -> dialogs.opened(event.sessionId(), params);
            case "Page.javascriptDialogClosed" -> dialogs.closed(event.sessionId());
            case "Browser.downloadWillBegin" -> downloads.begins(params);
            case "Browser.downloadProgress" -> downloads.progresses(params);
            default -> handleOther(event);
        }
    }

    private void handleOther(CdpEvent event) {
        PageTarget page = pagesBySession.get(event.sessionId());
        if (event.method().startsWith("Network.")) {
            network.handle(event);
        }
        if (page != null) {
            pageEvent(page, event.method(), event.params());
        }
    }

    /** A page repeats what its workers say; they are heard themselves. */
    private void logged(JsonObject params) {
        if (!"worker".equals(params.getJsonObject("entry").getString("source"))) {
            listener.consoleLogged(ConsoleFormatter.logEntry(params));
        }
    }

    private void attached(String parentSession, JsonObject params) {
        String sessionId = params.getString("sessionId");
        JsonObject target = params.getJsonObject("targetInfo");
        if (SHARED.contains(target.getString("type")) && !parentSession.equals(CdpConnection.BROWSER)) {
            setup.letRun(sessionId);
            return;
        }
        String context = target.getString("browserContextId", "");
        if (contexts.add(context)) {
            prepare(context);
        }
        Future<Void> ready = setup.prepare(sessionId, target);
        preparing.add(ready);
        ready.onComplete(done -> preparing.remove(ready));
        if ("page".equals(target.getString("type"))) {
            opened(new PageTarget(vertx, target.getString("targetId"), sessionId), target.getString("title"), ready);
        }
    }

    private void opened(PageTarget page, String title, Future<Void> ready) {
        page.entitled(title);
        pagesBySession.put(page.sessionId(), page);
        catchUp(page);
        ready.onComplete(done -> page.prepared());
        firstPage.made(page, ready);
    }

    /** A CDP client that made the page may have sent it somewhere before we listened. */
    private void catchUp(PageTarget page) {
        connection
                .send(page.sessionId(), "Page.getFrameTree", new JsonObject())
                .map(tree -> tree.getJsonObject("frameTree").getJsonObject("frame"))
                .onSuccess(frame -> {
                    if (page.commits() == 0 && frame.getString("url").matches("(?s)(https?|data):.*")) {
                        frameNavigated(page, new JsonObject().put("frame", frame));
                    }
                })
                .onFailure(e -> log.debug("no frames: {}", e.getMessage()));
    }

    private void detached(String sessionId) {
        network.targetGone(sessionId);
        PageTarget page = pagesBySession.remove(sessionId);
        if (page != null) {
            page.close();
            dialogs.closed(sessionId);
            activePage().ifPresentOrElse(this::tell, firstPage::lost);
        }
    }

    /** Somebody looks: a title that a script changed is told by nothing else. At most once in a while. */
    void refresh() {
        long now = System.nanoTime();
        if (now - refreshedAtNanos > REFRESH_NANOS) {
            refreshedAtNanos = now;
            activePage().ifPresent(this::readTitle);
        }
    }

    /** From the page's history, which Chrome's own process knows: a page whose script is busy answers too. */
    void readTitle(PageTarget page) {
        long commits = page.commits();
        connection
                .send(page.sessionId(), "Page.getNavigationHistory", new JsonObject())
                .map(history -> history.getJsonArray("entries").getJsonObject(history.getInteger("currentIndex")))
                .onSuccess(entry -> {
                    if (page.commits() == commits && page.entitled(entry.getString("title"))) {
                        tell(page);
                    }
                })
                .onFailure(e -> log.debug("no title: {}", e.getMessage()));
    }

    private void pageEvent(PageTarget page, String method, JsonObject params) {
        switch (method) {
            case "Page.frameNavigated" -> frameNavigated(page, params);
            case "Page.navigatedWithinDocument" -> {
                if (isMain(page, params)) {
                    page.committedWithinDocument(cut(params.getString("url")));
                    tell(page);
                    readTitle(page);
                }
            }
            case "Page.lifecycleEvent" -> {
                page.reached(params.getString("loaderId"), params.getString("name"));
                if (TITLE_MOMENTS.contains(params.getString("name"))) {
                    readTitle(page);
                }
            }
            case "Page.frameRequestedNavigation" -> {
                if (isMain(page, params) && "currentTab".equals(params.getString("disposition"))) {
                    page.leaving(true);
                }
            }
            case "Page.frameStartedNavigating" -> {
                if (isMain(page, params)) {
                    page.setOut(params.getString("loaderId"));
                    if (firstPage.setOut(page)) {
                        tell(page);
                    }
                }
            }
            case "Page.frameStoppedLoading" -> {
                if (isMain(page, params)) {
                    page.stopped();
                }
            }
            // A document's request has the id of its loader.
            case "Network.loadingFailed" ->
                page.failed(params.getString("requestId"), params.getString("errorText", ""));
            case "Inspector.targetCrashed" -> page.gone("the page crashed");
            default -> {}
        }
    }

    /** A main frame has the id of its target. */
    private static boolean isMain(PageTarget page, JsonObject params) {
        return page.targetId().equals(params.getString("frameId"));
    }

    private void frameNavigated(PageTarget page, JsonObject params) {
        JsonObject frame = params.getJsonObject("frame");
        if (frame.containsKey("parentId")) {
            return;
        }
        // The address bar of an error page shows what could not be reached.
        String unreachable = frame.getString("unreachableUrl", "");
        String url =
                cut(unreachable.isEmpty() ? frame.getString("url") + frame.getString("urlFragment", "") : unreachable);
        boolean restored = "BackForwardCacheRestore".equals(params.getString("type"));
        if (unreachable.isEmpty()) {
            listener.pageNavigated(page.targetId(), url, java.time.Instant.now());
        }
        page.committed(frame.getString("loaderId"), url, restored);
        tell(page);
    }

    /** A page can make URLs of megabytes, and a hundred of them are kept. */
    private static String cut(String url) {
        return url.length() <= MAX_URL_CHARS ? url : url.substring(0, MAX_URL_CHARS);
    }

    /** While a navigation is pending, Chrome holds back what else is asked of the page. */
    void stopLoading(PageTarget page) {
        connection
                .send(page.sessionId(), "Page.stopLoading", new JsonObject())
                .onFailure(e -> log.debug("loading was not stopped: {}", e.getMessage()));
    }

    /**
     * Where something that was done made the page go to another document, completes when that one is there, or the time is
     * up: to be late is no failure of what was done.
     */
    Future<Void> settle(PageTarget page, Deadline deadline) {
        // A round trip to the page: what it has told before, of a navigation say, is heard before its answer.
        return connection
                .send(page.sessionId(), "Runtime.evaluate", ROUND_TRIP, Math.min(SETTLE_MILLIS, deadline.left()))
                .otherwiseEmpty()
                .compose(answered -> page.leaving() ? arrival(page, deadline) : Future.succeededFuture());
    }

    private Future<Void> arrival(PageTarget page, Deadline deadline) {
        long limit = Math.min(ARRIVAL_MILLIS, deadline.left());
        return page.await(p -> !p.leaving() && p.hasReached("DOMContentLoaded"), new Deadline(limit))
                .otherwiseEmpty();
    }

    private void responded(String frameId, String loaderId, int status) {
        pagesBySession.values().stream()
                .filter(page -> page.targetId().equals(frameId))
                .forEach(page -> page.responded(loaderId, status));
    }

    private void tell(PageTarget page) {
        boolean active = activePage().filter(page::equals).isPresent();
        listener.pageChanged(page.targetId(), page.url(), page.title(), active);
    }
}
