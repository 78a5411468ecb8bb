package dev.berth.browser.watch.page;

import dev.berth.browser.BrowserDriver.StartedDownload;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.PageOutcome.PageEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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
    private final OpeningPage firstPage;
    private final PageEvents events;
    private final BerthWorld world;
    private final PageParts parts;
    private final OpenPages open = new OpenPages();
    /** The futures that wait for a page to be there. */
    private final Waiters arrivals;

    private final List<Runnable> listeners = new ArrayList<>();

    private long refreshedAtNanos = System.nanoTime();

    /** @param extensions whose pages may be shown */
    public Pages(
            Vertx vertx,
            CdpConnection connection,
            BrowserListener listener,
            OpeningPage firstPage,
            PageParts parts,
            ExtensionOrigins extensions) {
        this.parts = parts;
        this.vertx = vertx;
        this.connection = connection;
        this.listener = listener;
        this.firstPage = firstPage;
        this.events = new PageEvents(this, connection, listener, firstPage, extensions);
        this.world = new BerthWorld(connection);
        this.arrivals = new Waiters(vertx);
    }

    /** The iframes of other sites that the page or iframe with this session of the eyes holds, without those within them. */
    public List<CrossSiteFrame> crossSiteFrames(String sessionId) {
        return parts.crossSiteFrames(sessionId);
    }

    /**
     * @param listener is called after each change of the list of pages, of the active one, or of a URL or title. It returns at
     *     once
     */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    /** The page that commands act on by default. */
    public Optional<PageTarget> active() {
        return open.active();
    }

    private boolean isActive(PageTarget page) {
        return active().filter(page::equals).isPresent();
    }

    /** The open pages, in the order in which they were opened. */
    public List<PageEntry> list() {
        return open.all().stream().map(this::entry).toList();
    }

    public PageEntry entry(PageTarget page) {
        return new PageEntry(page.targetId(), page.location(), page.title(), isActive(page), page.openerId());
    }

    void activate(PageTarget page) {
        open.activate(page);
        tell(page);
    }

    /** Completes once the page with this id is watched. */
    Future<PageTarget> awaitPage(String pageId, Deadline deadline) {
        return watched(() -> open.byTarget(pageId), deadline);
    }

    /** Completes once a page is active, and watched. */
    Future<PageTarget> awaitActive(Deadline deadline) {
        return watched(this::active, deadline);
    }

    private Future<PageTarget> watched(Supplier<Optional<PageTarget>> wanted, Deadline deadline) {
        return arrivals.await(() -> wanted.get().isPresent(), deadline)
                .map(there -> wanted.get().orElseThrow(() -> Failures.failed("the page was closed")))
                .compose(page -> page.await(PageTarget::isPrepared, deadline).map(page));
    }

    public Optional<PageTarget> byTarget(String targetId) {
        return open.byTarget(targetId);
    }

    /** Throws {@code not_found} if there is no such page. */
    public PageTarget require(String pageId) {
        return byTarget(pageId).orElseThrow(() -> Failures.noPage(pageId));
    }

    /**
     * The eyes are attached to a new page.
     *
     * @param target Chrome's {@code TargetInfo}
     * @param ready completes when the page is watched
     */
    public void opened(String sessionId, JsonObject target, Future<Void> ready) {
        Optional<String> openerId = Optional.ofNullable(target.getString("openerId"));
        PageTarget page = new PageTarget(vertx, target.getString("targetId"), sessionId, openerId);
        page.updateTitle(target.getString("title"));
        open.add(page);
        openerId.flatMap(open::byTarget).ifPresent(opener -> opener.effects().opened(page.targetId()));
        events.opened(page, target.getString("url", ""));
        ready.onComplete(done -> page.prepared());
        firstPage.opened(page, ready);
        arrivals.check();
        changed();
    }

    /** A target is gone, which may be none of the pages. */
    public void detached(String sessionId) {
        open.remove(sessionId).ifPresent(page -> {
            page.markClosed();
            active().ifPresentOrElse(this::tell, this::lastClosed);
        });
    }

    private void lastClosed() {
        firstPage.lastPageClosed();
        changed();
    }

    /** Fails all that wait for a page: no more events will come. */
    public void abandon(String why) {
        open.all().forEach(page -> page.gone(why));
        arrivals.fail(Failures.failed(why));
    }

    public void downloadStarted(String frameId, String pageId, StartedDownload download) {
        open.byTarget(frameId).ifPresent(page -> page.effects().downloadStarted(download.id()));
        open.byTarget(pageId).ifPresent(page -> {
            page.effects().fileStarted(download);
            // A page that was opened for a file never has a document.
            page.openerId()
                    .filter(opener -> page.commits() == 0)
                    .flatMap(open::byTarget)
                    .ifPresent(opener -> opener.effects().fileStarted(download));
        });
    }

    public void stopped(PageTarget page, String url) {
        page.effects().stopped(url);
        // A page that was opened to go there never has a document.
        page.openerId()
                .filter(opener -> page.commits() == 0)
                .flatMap(open::byTarget)
                .ifPresent(opener -> opener.effects().stopped(url));
    }

    public void dialogOpened(String sessionId, String type, String message) {
        open.bySession(sessionId).ifPresent(page -> page.effects().dialogOpened(type, message));
    }

    public void dialogClosed(String sessionId, boolean accepted) {
        open.bySession(sessionId).ifPresent(page -> page.dialogClosed(accepted));
    }

    /** The id of the page that a CDP session of the eyes is attached to; empty if that is no page. */
    String idOf(String sessionId) {
        return open.bySession(sessionId).map(PageTarget::targetId).orElse("");
    }

    /** The open pages, in the order in which they were opened. */
    public List<PageTarget> open() {
        return open.all();
    }

    /** An event of any target; those of other targets than pages are ignored. */
    public void handle(CdpEvent event) {
        open.bySession(event.sessionId()).ifPresent(page -> events.handle(page, event.method(), event.params()));
    }

    public void responded(String frameId, String loaderId, int status) {
        open.byTarget(frameId).ifPresent(page -> page.responded(loaderId, status));
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

    void tell(PageTarget page) {
        listener.pageChanged(page.targetId(), page.location(), page.title(), isActive(page));
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

    /**
     * An iframe that has a process, and so a CDP target, of its own.
     *
     * @param targetId its frame id, too
     * @param sessionId the eyes' CDP session of it
     */
    public record CrossSiteFrame(String targetId, String sessionId) {}
}
