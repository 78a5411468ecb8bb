package dev.berth.browser.watch.page;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.console.ConsoleFormatter;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies Chrome's events to the page that they belong to, and closes pages that show what none may. Lives on the browser's context.
 */
final class PageEvents {
    private static final Logger log = LoggerFactory.getLogger(PageEvents.class);
    /** Lifecycle events after which a page's title is likely to be new: Chrome has no event for the title. */
    private static final Set<String> TITLE_MOMENTS = Set.of("DOMContentLoaded", "load", "networkIdle");

    private static final Set<String> LOADED = Set.of("DOMContentLoaded", "load");
    private static final double NANOS = 1e9;
    private static final int MAX_URL_CHARS = 16_384;
    private static final int MAX_LOGGED_CHARS = 200;

    private final Pages pages;
    private final CdpConnection connection;
    private final BrowserListener listener;
    private final OpeningPage firstPage;
    private final ExtensionOrigins extensions;

    PageEvents(
            Pages pages,
            CdpConnection connection,
            BrowserListener listener,
            OpeningPage firstPage,
            ExtensionOrigins extensions) {
        this.pages = pages;
        this.connection = connection;
        this.listener = listener;
        this.firstPage = firstPage;
        this.extensions = extensions;
    }

    void opened(PageTarget page, String url) {
        expelIfForbidden(page, url);
        readFirstCommit(page);
    }

    private void expelIfForbidden(PageTarget page, String url) {
        if (PageUrl.isForbiddenGround(url) && extensions.nameOf(url).isEmpty()) {
            expel(page, url);
        }
    }

    /** A CDP client that created the page may have navigated it before the eyes were attached. */
    private void readFirstCommit(PageTarget page) {
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

    void handle(PageTarget page, String method, JsonObject params) {
        switch (method) {
            case "Page.frameNavigated" -> frameNavigated(page, params);
            // The request id of a document is its loader id.
            case "Network.loadingFailed" ->
                page.documentFailed(params.getString("requestId"), params.getString("errorText", ""));
            case "Page.lifecycleEvent" -> {
                page.reached(params.getString("loaderId"), params.getString("name"));
                tellLoaded(page, params);
                if (TITLE_MOMENTS.contains(params.getString("name"))) {
                    pages.readTitle(page);
                }
            }
            case "Inspector.targetCrashed" -> crashed(page);
            // Chrome reports a crash like this when its zygote, which knows how a process ended, is gone.
            case "Inspector.detached" -> {
                if ("Render process gone.".equals(params.getString("reason"))) {
                    crashed(page);
                }
            }
            default -> {
                if (isMainFrame(page, params)) {
                    handleMainFrame(page, method, params);
                }
            }
        }
    }

    private void tellLoaded(PageTarget page, JsonObject event) {
        String loaderId = event.getString("loaderId");
        String name = event.getString("name");
        if (LOADED.contains(name) && page.documentId().equals(loaderId)) {
            listener.documentLoaded(loaderId, name.equals("load"), instant(event.getDouble("timestamp")));
        }
    }

    /** Chrome's clock is Linux's monotonic one, as Java's is: so an event that is heard late has its time. */
    private static Instant instant(double seconds) {
        return Instant.now().minusNanos(System.nanoTime() - (long) (seconds * NANOS));
    }

    /** The id of a main frame is that of its target. */
    private static boolean isMainFrame(PageTarget page, JsonObject params) {
        return page.targetId().equals(params.getString("frameId"));
    }

    private void handleMainFrame(PageTarget page, String method, JsonObject params) {
        switch (method) {
            case "Page.navigatedWithinDocument" -> {
                page.committedWithinDocument(cut(params.getString("url")));
                pages.tell(page);
                pages.readTitle(page);
            }
            case "Page.frameRequestedNavigation" -> {
                if ("currentTab".equals(params.getString("disposition"))) {
                    page.asksToLeave();
                }
            }
            case "Page.frameStartedNavigating" -> {
                // Chrome also sends this for URLs of other programs, and for URLs that only become a redirect.
                expelIfForbidden(page, params.getString("url", ""));
                page.navigationStarted(params.getString("loaderId"));
                if (firstPage.navigationStarted(page)) {
                    pages.tell(page);
                }
            }
            case "Page.frameStoppedLoading" -> page.loadingStopped();
            default -> {}
        }
    }

    private void crashed(PageTarget page) {
        page.markCrashed();
        tell(page, "the page crashed: " + cut(page.url()));
    }

    private void frameNavigated(PageTarget page, JsonObject params) {
        JsonObject frame = params.getJsonObject("frame");
        if (frame.containsKey("parentId")) {
            return;
        }
        // The address of an error page is the URL that could not be reached.
        String unreachable = frame.getString("unreachableUrl", "");
        String url =
                cut(unreachable.isEmpty() ? frame.getString("url") + frame.getString("urlFragment", "") : unreachable);
        boolean restored = "BackForwardCacheRestore".equals(params.getString("type"));
        page.committed(frame.getString("loaderId"), url, restored);
        if (unreachable.isEmpty()) {
            listener.pageNavigated(page.targetId(), page.documentId(), url, Instant.now());
        } else {
            page.markUnreachable();
        }
        pages.tell(page);
        // The URL may be a file of the host, for example. Berth and its clients can't navigate there, but a page may
        // find another way.
        if (!PageUrl.mayBeShown(frame.getString("url"))
                && extensions.nameOf(frame.getString("url")).isEmpty()) {
            expel(page, frame.getString("url"));
        }
    }

    private void expel(PageTarget page, String url) {
        tell(
                page,
                "a page was closed: it went to " + Truncation.cut(url, MAX_LOGGED_CHARS) + ", which no page may show");
        connection
                .send(CdpConnection.BROWSER, "Target.closeTarget", new JsonObject().put("targetId", page.targetId()))
                .onFailure(e -> log.warn("a page that shows a forbidden URL was not closed: {}", e.getMessage()));
    }

    private void tell(PageTarget page, String what) {
        listener.consoleLogged(ConsoleFormatter.ofBerth(what).on(Optional.of(page.targetId())));
    }

    /** A page can make URLs of megabytes, and a hundred of them are kept. */
    private static String cut(String url) {
        return Truncation.cut(url, MAX_URL_CHARS);
    }
}
