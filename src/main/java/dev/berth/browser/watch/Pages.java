package dev.berth.browser.watch;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of one Chrome: which there are, where they are, and what they are called. Lives on the browser's context. */
public final class Pages {
    private static final Logger log = LoggerFactory.getLogger(Pages.class);
    /** When a page's title is likely to be new: Chrome has no event for it. */
    private static final Set<String> TITLE_MOMENTS = Set.of("DOMContentLoaded", "load", "networkIdle");

    private static final int MAX_URL_CHARS = 16_384;
    private static final int MAX_TOLD_CHARS = 200;
    /** Through the page's tasks: a form that is submitted goes its way in a task of its own. */
    private static final String ROUND_TRIP = "new Promise(done => setTimeout(() => setTimeout(done)))";

    private static final long REFRESH_NANOS = 250_000_000;
    private static final long SETTLE_MILLIS = 500;
    private static final long ARRIVAL_MILLIS = 10_000;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final BrowserListener listener;
    private final FirstPage firstPage;
    /** In the order in which they were opened. */
    private final Map<String, PageTarget> bySession = new LinkedHashMap<>();

    private Runnable onCrash = () -> {};
    private long refreshedAtNanos = System.nanoTime();

    Pages(Vertx vertx, CdpConnection connection, BrowserListener listener, FirstPage firstPage) {
        this.vertx = vertx;
        this.connection = connection;
        this.listener = listener;
        this.firstPage = firstPage;
    }

    /** @param handler is called after each page that crashes */
    public void onCrash(Runnable handler) {
        onCrash = handler;
    }

    /** The page that commands act on: the last one opened that is still there. */
    public Optional<PageTarget> active() {
        PageTarget last = null;
        for (PageTarget page : bySession.values()) {
            last = page;
        }
        return Optional.ofNullable(last);
    }

    public PageTarget requireActive() {
        return active().orElseThrow(() -> Failures.failed("the browser has no page open"));
    }

    /**
     * @param target as Chrome tells of it
     * @param ready completes when all that it takes to watch it is done
     */
    void opened(String sessionId, JsonObject target, Future<Void> ready) {
        PageTarget page = new PageTarget(vertx, target.getString("targetId"), sessionId);
        page.entitled(target.getString("title"));
        bySession.put(page.sessionId(), page);
        String url = target.getString("url", "");
        // It may be on its way there only.
        if (PageUrl.isForbiddenGround(url)) {
            expel(page, url);
        }
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

    /** A target is gone, which need not have been a page. */
    void detached(String sessionId) {
        PageTarget page = bySession.remove(sessionId);
        if (page != null) {
            page.close();
            active().ifPresentOrElse(this::tell, firstPage::lost);
        }
    }

    /** Nothing more will be heard of them. */
    void abandon(String why) {
        bySession.values().forEach(page -> page.gone(why));
    }

    /** A frame, which may be a page's own, gives a file. */
    void downloads(String frameId, String downloadId) {
        byTarget(frameId).ifPresent(page -> page.downloads(downloadId));
    }

    /** A page asks whether it may be left. */
    void asks(String sessionId) {
        Optional.ofNullable(bySession.get(sessionId)).ifPresent(PageTarget::asks);
    }

    /** It has its answer, if it asked. */
    void answered(String sessionId, boolean mayBeLeft) {
        Optional.ofNullable(bySession.get(sessionId)).ifPresent(page -> page.answered(mayBeLeft));
    }

    /** The page that a session of the eyes' is of; empty where it is none. */
    String idOf(String sessionId) {
        return Optional.ofNullable(bySession.get(sessionId))
                .map(PageTarget::targetId)
                .orElse("");
    }

    private Optional<PageTarget> byTarget(String targetId) {
        return bySession.values().stream()
                .filter(page -> page.targetId().equals(targetId))
                .findFirst();
    }

    /** An event of a page, or of a target that is none. */
    void handle(CdpEvent event) {
        PageTarget page = bySession.get(event.sessionId());
        if (page != null) {
            handle(page, event.method(), event.params());
        }
    }

    private void handle(PageTarget page, String method, JsonObject params) {
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
                    // Told also of what is handed over to another program, and of what only becomes a redirect.
                    if (PageUrl.isForbiddenGround(params.getString("url", ""))) {
                        expel(page, params.getString("url"));
                    }
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
            case "Inspector.targetCrashed" -> crashed(page);
            // So Chrome tells the same where its zygote, which knows how a process ended, is gone.
            case "Inspector.detached" -> {
                if ("Render process gone.".equals(params.getString("reason"))) {
                    crashed(page);
                }
            }
            default -> {}
        }
    }

    private void crashed(PageTarget page) {
        page.crash();
        listener.consoleLogged(ConsoleFormatter.ofBerth("the page crashed: " + cut(page.url())));
        onCrash.run();
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
            listener.pageNavigated(page.targetId(), url, Instant.now());
        }
        page.committed(frame.getString("loaderId"), url, restored);
        tell(page);
        requireAllowed(page, frame.getString("url"));
    }

    /**
     * Closes a page that is about to show what no page may, such as a file of the host. Berth sends none there and lets no client do
     * so: it came there in another way.
     */
    private void requireAllowed(PageTarget page, String url) {
        if (!PageUrl.mayBeShown(url)) {
            expel(page, url);
        }
    }

    private void expel(PageTarget page, String url) {
        listener.consoleLogged(ConsoleFormatter.ofBerth(
                "a page was closed: it went to " + Truncation.cut(url, MAX_TOLD_CHARS) + ", which no page may show"));
        connection
                .send(CdpConnection.BROWSER, "Target.closeTarget", new JsonObject().put("targetId", page.targetId()))
                .onFailure(e -> log.warn("a page that shows what none may was not closed: {}", e.getMessage()));
    }

    /** A page can make URLs of megabytes, and a hundred of them are kept. */
    private static String cut(String url) {
        return Truncation.cut(url, MAX_URL_CHARS);
    }

    /** Somebody looks: a title that a script changed is told by nothing else. At most once in a while. */
    public void refresh() {
        long now = System.nanoTime();
        if (now - refreshedAtNanos > REFRESH_NANOS) {
            refreshedAtNanos = now;
            active().ifPresent(this::readTitle);
        }
    }

    /** From the page's history, which Chrome's own process knows: a page whose script is busy answers too. */
    public void readTitle(PageTarget page) {
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

    /** While a navigation is pending, Chrome holds back what else is asked of the page. */
    public void stopLoading(PageTarget page) {
        connection
                .send(page.sessionId(), "Page.stopLoading", new JsonObject())
                .onFailure(e -> log.debug("loading was not stopped: {}", e.getMessage()));
    }

    /**
     * Where something that was done made the page go to another document, completes when that one is there, or the time is
     * up: to be late is no failure of what was done.
     */
    public Future<Void> settle(PageTarget page, Deadline deadline) {
        // A round trip to the page: what it has told before, of a navigation say, is heard before its answer.
        return roundTrip(page, new Deadline(Math.min(SETTLE_MILLIS, deadline.left())))
                .otherwiseEmpty()
                .compose(answered -> page.leaving() ? arrival(page, deadline) : Future.succeededFuture());
    }

    /** In a world of Berth's own: the page does not see it, and its own setTimeout may be another. */
    private Future<JsonObject> roundTrip(PageTarget page, Deadline deadline) {
        JsonObject world = new JsonObject().put("frameId", page.targetId()).put("worldName", "berth");
        return connection
                .send(page.sessionId(), "Page.createIsolatedWorld", world, deadline.left())
                .compose(made -> connection.send(
                        page.sessionId(),
                        "Runtime.evaluate",
                        new JsonObject()
                                .put("expression", ROUND_TRIP)
                                .put("contextId", made.getInteger("executionContextId"))
                                .put("awaitPromise", true),
                        deadline.left()));
    }

    private Future<Void> arrival(PageTarget page, Deadline deadline) {
        long limit = Math.min(ARRIVAL_MILLIS, deadline.left());
        return page.await(p -> !p.leaving() && p.hasReached("DOMContentLoaded"), new Deadline(limit))
                .otherwiseEmpty();
    }

    /** A document's request was answered, with an HTTP status. */
    void responded(String frameId, String loaderId, int status) {
        byTarget(frameId).ifPresent(page -> page.responded(loaderId, status));
    }

    private void tell(PageTarget page) {
        boolean active = active().filter(page::equals).isPresent();
        listener.pageChanged(page.targetId(), page.url(), page.title(), active);
    }
}
