package dev.berth.browser.watch.page;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.target.TargetSetup;
import dev.berth.protocol.BrowserAction.OpenPage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Opens, activates and closes the pages of one Chrome. Lives on the browser's context. */
public final class PageControl {
    private final CdpConnection connection;
    private final Pages pages;
    private final TargetSetup setup;

    public PageControl(CdpConnection connection, Pages pages, TargetSetup setup) {
        this.connection = connection;
        this.pages = pages;
        this.setup = setup;
    }

    /** Opens a blank page, which becomes the active one. Completes when it is watched. */
    public Future<PageTarget> open(Deadline deadline) {
        int count = pages.list().size();
        return count >= OpenPage.MAX_PAGES
                ? Future.failedFuture(tooMany(count))
                : setup.openPage(OpeningPage.BLANK, deadline.left())
                        .compose(id -> pages.awaitPage(id, deadline))
                        .recover(deadline::told);
    }

    private static Throwable tooMany(int count) {
        return Failures.failed(
                "the browser has " + count + " pages open; a client may open another one up to " + OpenPage.MAX_PAGES,
                "close a page: DELETE …/pages/{pageId}");
    }

    /** Makes a page the active one, also for Chrome: it has the focus then. */
    public Future<Void> activate(PageTarget page, Deadline deadline) {
        pages.activate(page);
        return send("Target.activateTarget", page, deadline)
                .recover(deadline::told)
                .mapEmpty();
    }

    /** Closes a page, without asking it. Completes with the page that is active then. */
    public Future<PageTarget> close(PageTarget page, Deadline deadline) {
        Future<Void> gone = page.await(PageTarget::closed, deadline);
        return send("Target.closeTarget", page, deadline)
                .compose(closing -> gone)
                .compose(closed -> pages.awaitActive(deadline))
                .recover(deadline::told);
    }

    private Future<JsonObject> send(String method, PageTarget page, Deadline deadline) {
        JsonObject target = new JsonObject().put("targetId", page.targetId());
        return connection.send(CdpConnection.BROWSER, method, target, deadline.left());
    }
}
