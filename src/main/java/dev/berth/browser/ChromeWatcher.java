package dev.berth.browser;

import dev.berth.browser.CdpConnection.CdpEvent;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** Reported by each page that uses them and by the browser: the browser's report is the one that is watched. */
    private static final Set<String> SHARED = Set.of("service_worker", "shared_worker");

    private final Vertx vertx;
    private final CdpConnection connection;
    private final TargetSetup setup;
    private final BrowserListener listener;
    private final NetworkTracker network;
    private final Map<String, PageTarget> pagesBySession = new LinkedHashMap<>();
    private final Promise<Void> firstPage = Promise.promise();

    ChromeWatcher(
            Vertx vertx,
            CdpConnection connection,
            String defaultUserAgent,
            SessionOptions options,
            BrowserListener listener) {
        this.vertx = vertx;
        this.connection = connection;
        this.setup = new TargetSetup(connection, defaultUserAgent, options);
        this.listener = listener;
        this.network = new NetworkTracker(listener::requestFinished, this::responded);
        connection.onEvent(this::handle);
    }

    /** Completes when the first page is watched. */
    Future<Void> start() {
        return setup.discover().compose(done -> firstPage.future());
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

    /** Reports what is in flight; nothing is heard afterwards. */
    void stop() {
        connection.onEvent(event -> {});
        network.abandonAll();
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
            case "Page.javascriptDialogOpening" -> setup.dismissDialog(event.sessionId(), params);
            default -> handleOther(event);
        }
    }

    private void handleOther(CdpEvent event) {
        if (event.method().startsWith("Network.")) {
            network.handle(event);
            return;
        }
        PageTarget page = pagesBySession.get(event.sessionId());
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
        boolean page = "page".equals(target.getString("type"));
        if (page) {
            PageTarget opened = new PageTarget(vertx, target.getString("targetId"), sessionId);
            opened.entitled(target.getString("title"));
            pagesBySession.put(sessionId, opened);
        }
        Future<Void> ready = setup.prepare(sessionId, target);
        if (page) {
            catchUp(pagesBySession.get(sessionId));
            // One that closes while it is prepared is no failure; the first page's would be.
            ready.onComplete(result -> {
                if (result.succeeded()) {
                    firstPage.tryComplete();
                } else {
                    firstPage.tryFail(result.cause());
                }
            });
        }
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
            page.gone("the page was closed");
            activePage().ifPresent(this::tell);
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
                // A main frame has the id of its target.
                if (params.getString("frameId").equals(page.targetId())) {
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
            case "Inspector.targetCrashed" -> page.gone("the page crashed");
            default -> {}
        }
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

    private void responded(String requestId, int status) {
        pagesBySession.values().forEach(page -> page.responded(requestId, status));
    }

    private void tell(PageTarget page) {
        boolean active = activePage().filter(page::equals).isPresent();
        listener.pageChanged(page.targetId(), page.url(), page.title(), active);
    }
}
