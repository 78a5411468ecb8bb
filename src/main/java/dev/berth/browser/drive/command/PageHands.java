package dev.berth.browser.drive.command;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.drive.command.Hands.Call;
import dev.berth.browser.watch.page.PageTarget;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Function;

/** The hands on one page, which need not be the active one, for one verb. Lives on the browser's context. */
public final class PageHands {
    private final Hands hands;
    private final PageTarget page;
    private final Promise<Void> abandoned = Promise.promise();

    PageHands(Hands hands, PageTarget page) {
        this.hands = hands;
        this.page = page;
    }

    public PageTarget page() {
        return page;
    }

    /** For verbs that stay on the document: fails if the page has crashed. */
    public <T> Future<T> onPage(Function<PageTarget, Future<T>> action) {
        return page.crashed() ? Future.failedFuture(Failures.crashed()) : leavePage(action);
    }

    /** For verbs that leave the document, which also work on a page that has crashed. */
    public <T> Future<T> leavePage(Function<PageTarget, Future<T>> action) {
        return hands.leave(page, on -> unlessAbandoned(action.apply(on)));
    }

    public <T> Future<T> call(Call<T> call, Deadline deadline) {
        return hands.call(page, call, deadline, abandoned.future());
    }

    private <T> Future<T> unlessAbandoned(Future<T> work) {
        Promise<T> first = Promise.promise();
        abandoned.future().onFailure(first::tryFail);
        work.onComplete(first::tryComplete, first::tryFail);
        return first.future();
    }

    /** Fails where the verb is abandoned: it must not go on. */
    public Future<Void> mayGoOn() {
        return abandoned.future().failed() ? abandoned.future() : Future.succeededFuture();
    }

    /** Fails the verb, and what it waits for in the browser. */
    public void abandon() {
        if (abandoned.tryFail(Failures.failed("the action was cancelled"))) {
            hands.stop(page);
        }
    }

    /** @param handler is called where the verb is abandoned */
    public void onAbandon(Runnable handler) {
        abandoned.future().onFailure(e -> handler.run());
    }
}
