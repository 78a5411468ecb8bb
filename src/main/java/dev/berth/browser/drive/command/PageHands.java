package dev.berth.browser.drive.command;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.drive.command.Hands.Call;
import dev.berth.browser.watch.PageTarget;
import io.vertx.core.Future;
import java.util.function.Function;

/** The hands on one page, which need not be the active one. Lives on the browser's context. */
public final class PageHands {
    private final Hands hands;
    private final PageTarget page;

    PageHands(Hands hands, PageTarget page) {
        this.hands = hands;
        this.page = page;
    }

    /** For verbs that stay on the document: fails if the page has crashed. */
    public <T> Future<T> onPage(Function<PageTarget, Future<T>> action) {
        return page.crashed() ? Future.failedFuture(Failures.failed(PageTarget.CRASHED)) : leavePage(action);
    }

    /** For verbs that leave the document, which also work on a page that has crashed. */
    public <T> Future<T> leavePage(Function<PageTarget, Future<T>> action) {
        return hands.leave(page, action);
    }

    public <T> Future<T> call(Call<T> call, Deadline deadline) {
        return hands.call(page, call, deadline);
    }
}
