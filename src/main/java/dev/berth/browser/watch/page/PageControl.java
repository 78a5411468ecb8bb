package dev.berth.browser.watch.page;

import dev.berth.browser.BrowserPages;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.target.TargetSetup;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.PageOutcome.PageEntry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Opens, activates and closes the pages of one Chrome. Lives on the browser's context. */
public final class PageControl implements BrowserPages {
    private final CdpConnection connection;
    private final Pages pages;
    private final TargetSetup setup;

    public PageControl(CdpConnection connection, Pages pages, TargetSetup setup) {
        this.connection = connection;
        this.pages = pages;
        this.setup = setup;
    }

    @Override
    public Optional<String> active() {
        return pages.active().map(PageTarget::targetId);
    }

    @Override
    public List<PageEntry> list() {
        return pages.list();
    }

    @Override
    public void refresh() {
        pages.refresh();
    }

    @Override
    public Future<PageEntry> open(long timeoutMillis) {
        Deadline deadline = new Deadline(timeoutMillis);
        int count = pages.list().size();
        return count >= OpenPage.MAX_PAGES
                ? Future.failedFuture(tooMany(count))
                : setup.openPage(OpeningPage.BLANK, deadline.left())
                        .compose(id -> pages.awaitPage(id, deadline))
                        .map(pages::entry)
                        .recover(deadline::told);
    }

    private static Throwable tooMany(int count) {
        return Failures.failed(
                "the browser has " + count + " pages open, and a client can open another only below "
                        + OpenPage.MAX_PAGES,
                "close a page: DELETE …/pages/{pageId}");
    }

    /** Makes a page the active one, also for Chrome: the page has the focus then. */
    @Override
    public Future<PageEntry> activate(String pageId, long timeoutMillis) {
        PageTarget page = pages.require(pageId);
        Deadline deadline = new Deadline(timeoutMillis);
        pages.activate(page);
        return send("Target.activateTarget", page, deadline)
                .map(active -> pages.entry(page))
                .recover(deadline::told);
    }

    /** Closes a page without asking it. */
    @Override
    public Future<PageEntry> close(String pageId, long timeoutMillis) {
        PageTarget page = pages.require(pageId);
        Deadline deadline = new Deadline(timeoutMillis);
        Future<Void> gone = page.await(PageTarget::closed, deadline);
        return send("Target.closeTarget", page, deadline)
                .compose(closing -> gone)
                .compose(closed -> pages.awaitActive(deadline))
                .map(pages::entry)
                .recover(deadline::told);
    }

    private Future<JsonObject> send(String method, PageTarget page, Deadline deadline) {
        JsonObject target = new JsonObject().put("targetId", page.targetId());
        return connection.send(CdpConnection.BROWSER, method, target, deadline.left());
    }
}
