package dev.berth.session.act;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ActionReply.PageClosed;
import dev.berth.protocol.ActionReply.PageResult;
import dev.berth.protocol.BrowserAction.ActivatePage;
import dev.berth.protocol.BrowserAction.ClosePage;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageOutcome.PageEntry;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Opens, activates and closes pages for actions. Runs on the session's context. */
final class PageTabs {
    private static final long CLOSE_MILLIS = 5_000;

    private final Browser browser;
    private final Scheduler scheduler;
    private final BiFunction<Navigate, Future<Navigated>, Future<NavigationResult>> arrived;

    /** @param arrived the result of a navigation, with the file that its URL may give */
    PageTabs(
            Browser browser,
            Scheduler scheduler,
            BiFunction<Navigate, Future<Navigated>, Future<NavigationResult>> arrived) {
        this.browser = browser;
        this.scheduler = scheduler;
        this.arrived = arrived;
    }

    /** A new page that could not be loaded is of no use, and is closed. */
    Future<PageResult> open(OpenPage open) {
        return open(
                open,
                (pageId, e) -> browser.pages().close(pageId, CLOSE_MILLIS).transform(closed -> Future.failedFuture(e)));
    }

    /** The same for a person, for whom the page stays: it may show why, or be on its way elsewhere already. */
    Future<PageResult> openTab(OpenPage open) {
        return open(open, (pageId, e) -> Future.failedFuture(e));
    }

    private Future<PageResult> open(OpenPage open, BiFunction<String, Throwable, Future<PageResult>> onFailure) {
        long startNanos = scheduler.nanos();
        return browser.pages()
                .open(open.timeout())
                .compose(page -> open.url()
                        .map(url -> load(page.pageId(), new Navigate(url, open.waitUntil(), left(open, startNanos)))
                                .recover(e -> onFailure.apply(page.pageId(), e)))
                        .orElse(Future.succeededFuture(new PageResult(page, Optional.empty()))));
    }

    private long left(OpenPage open, long startNanos) {
        return Math.max(1, open.timeout() - TimeUnit.NANOSECONDS.toMillis(scheduler.nanos() - startNanos));
    }

    private Future<PageResult> load(String pageId, Navigate navigate) {
        return arrived.apply(navigate, browser.driver(pageId).navigate(navigate))
                .map(at -> new PageResult(
                        new PageEntry(pageId, at.url(), at.title(), isActive(pageId), Optional.empty()),
                        at.page().download()));
    }

    private boolean isActive(String pageId) {
        return browser.pages().active().filter(pageId::equals).isPresent();
    }

    Future<PageResult> activate(ActivatePage activate) {
        return browser.pages()
                .activate(activate.pageId(), activate.timeout())
                .map(page -> new PageResult(page, Optional.empty()));
    }

    Future<PageClosed> close(ClosePage close) {
        return browser.pages()
                .close(close.pageId(), close.timeout())
                .map(active -> new PageClosed(close.pageId(), active.pageId()));
    }
}
