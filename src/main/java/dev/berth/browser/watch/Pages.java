package dev.berth.browser.watch;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open pages of one Chrome, which of them is active, and their titles. Lives on the browser's context. */
public final class Pages {
    private static final Logger log = LoggerFactory.getLogger(Pages.class);
    /** Two tasks of the page: submitting a form, for example, starts its navigation in a task of its own. */
    private static final String ROUND_TRIP = "new Promise(done => setTimeout(() => setTimeout(done)))";

    private static final long REFRESH_NANOS = 250_000_000;
    private static final long SETTLE_MILLIS = 500;
    private static final long ARRIVAL_MILLIS = 10_000;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final BrowserListener listener;
    private final FirstPage firstPage;
    private final PageEvents events;
    private final BerthWorld world;
    /** In the order in which they were opened. */
    private final Map<String, PageTarget> bySession = new LinkedHashMap<>();

    private Runnable onCrash = () -> {};
    private final List<Runnable> onChange = new ArrayList<>();
    private long refreshedAtNanos = System.nanoTime();

    Pages(Vertx vertx, CdpConnection connection, BrowserListener listener, FirstPage firstPage) {
        this.vertx = vertx;
        this.connection = connection;
        this.listener = listener;
        this.firstPage = firstPage;
        this.events = new PageEvents(this, connection, listener, firstPage);
        this.world = new BerthWorld(connection);
    }

    /** @param handler is called after each crash of a page */
    public void onCrash(Runnable handler) {
        onCrash = handler;
    }

    void crashed() {
        onCrash.run();
    }

    /** @param handler is called after each change of which pages are open, which of them is active, and where they are */
    public void onChange(Runnable handler) {
        onChange.add(handler);
    }

    private void changed() {
        onChange.forEach(Runnable::run);
    }

    /** The page that commands act on: the last opened one that is still open. */
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
     * The eyes are attached to a new page.
     *
     * @param target Chrome's {@code TargetInfo}
     * @param ready completes when the page is watched
     */
    void opened(String sessionId, JsonObject target, Future<Void> ready) {
        PageTarget page = new PageTarget(vertx, target.getString("targetId"), sessionId);
        page.updateTitle(target.getString("title"));
        bySession.put(page.sessionId(), page);
        events.opened(page, target.getString("url", ""));
        ready.onComplete(done -> page.prepared());
        firstPage.opened(page, ready);
        changed();
    }

    /** A target is gone, which may be none of the pages. */
    void detached(String sessionId) {
        PageTarget page = bySession.remove(sessionId);
        if (page != null) {
            page.markClosed();
            active().ifPresentOrElse(this::tell, firstPage::lastPageClosed);
            changed();
        }
    }

    /** No more events will come: fails all that wait for a page. */
    void abandon(String why) {
        bySession.values().forEach(page -> page.gone(why));
    }

    /** A frame started a download; it counts for a page only if it is the page's main frame. */
    void downloadStarted(String frameId, String downloadId) {
        byTarget(frameId).ifPresent(page -> page.downloadStarted(downloadId));
    }

    void unloadDialogOpened(String sessionId) {
        Optional.ofNullable(bySession.get(sessionId)).ifPresent(PageTarget::unloadDialogOpened);
    }

    void dialogClosed(String sessionId, boolean accepted) {
        Optional.ofNullable(bySession.get(sessionId)).ifPresent(page -> page.dialogClosed(accepted));
    }

    /** The id of the page that a CDP session of the eyes is attached to; empty if that is no page. */
    String idOf(String sessionId) {
        return Optional.ofNullable(bySession.get(sessionId))
                .map(PageTarget::targetId)
                .orElse("");
    }

    /** The open pages, in the order in which they were opened. */
    public List<PageTarget> open() {
        return List.copyOf(bySession.values());
    }

    /** The page that a session of the eyes is attached to. */
    Optional<String> pageId(String sessionId) {
        return Optional.ofNullable(bySession.get(sessionId)).map(PageTarget::targetId);
    }

    /** An open page. */
    public Optional<PageTarget> byTarget(String targetId) {
        return bySession.values().stream()
                .filter(page -> page.targetId().equals(targetId))
                .findFirst();
    }

    /** An event of any target; those of other targets than pages are ignored. */
    void handle(CdpEvent event) {
        PageTarget page = bySession.get(event.sessionId());
        if (page != null) {
            events.handle(page, event.method(), event.params());
        }
    }

    /** A document's request got an HTTP response. */
    void responded(String frameId, String loaderId, int status) {
        byTarget(frameId).ifPresent(page -> page.responded(loaderId, status));
    }

    /** Reads the active page's title, which a script may have changed without an event; at most every 250 ms. */
    public void refresh() {
        long now = System.nanoTime();
        if (now - refreshedAtNanos > REFRESH_NANOS) {
            refreshedAtNanos = now;
            active().ifPresent(this::readTitle);
        }
    }

    /** Reads it from the page's history, which Chrome's browser process holds, so that a page with a busy script answers too. */
    public void readTitle(PageTarget page) {
        long commits = page.commits();
        connection
                .send(page.sessionId(), "Page.getNavigationHistory", new JsonObject())
                .map(history -> history.getJsonArray("entries").getJsonObject(history.getInteger("currentIndex")))
                .onSuccess(entry -> {
                    if (page.commits() == commits && page.updateTitle(entry.getString("title"))) {
                        tell(page);
                    }
                })
                .onFailure(e -> log.debug("no title: {}", e.getMessage()));
    }

    /** Tells the listener where a page is, and how it is called. */
    void tell(PageTarget page) {
        boolean active = active().filter(page::equals).isPresent();
        listener.pageChanged(page.targetId(), page.url(), page.title(), active);
        changed();
    }

    /** Cancels a pending navigation, during which Chrome holds back all other commands to the page. */
    public void stopLoading(PageTarget page) {
        connection
                .send(page.sessionId(), "Page.stopLoading", new JsonObject())
                .onFailure(e -> log.debug("loading was not stopped: {}", e.getMessage()));
    }

    /**
     * If an action made the page navigate, waits until the new document is there. Never fails: the action succeeded, even if its
     * navigation takes longer than the deadline.
     */
    public Future<Void> settle(PageTarget page, Deadline deadline) {
        // The page's events, of a navigation too, come before the answer to a round trip.
        Deadline soon = new Deadline(Math.min(SETTLE_MILLIS, deadline.left()));
        return world.await(page, ROUND_TRIP, soon::left)
                .otherwiseEmpty()
                .compose(answered -> page.isLeaving() ? arrival(page, deadline) : Future.succeededFuture());
    }

    private Future<Void> arrival(PageTarget page, Deadline deadline) {
        long limit = Math.min(ARRIVAL_MILLIS, deadline.left());
        return page.await(p -> !p.isLeaving() && p.hasReached("DOMContentLoaded"), new Deadline(limit))
                .otherwiseEmpty();
    }
}
