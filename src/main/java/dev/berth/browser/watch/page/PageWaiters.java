package dev.berth.browser.watch.page;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.loop.LivedTimer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The futures that wait for one page to meet a condition. Lives on the browser's context. */
final class PageWaiters {
    private final Vertx vertx;
    private final PageTarget page;
    private final List<Waiter> waiters = new ArrayList<>();

    PageWaiters(Vertx vertx, PageTarget page) {
        this.vertx = vertx;
        this.page = page;
    }

    private record Waiter(Predicate<PageTarget> condition, Promise<Void> met) {}

    /** Completes when the page meets {@code condition}; fails with {@code timeout}, or when the page is gone. */
    Future<Void> await(Predicate<PageTarget> condition, Deadline deadline) {
        if (condition.test(page)) {
            return Future.succeededFuture();
        }
        long timeoutMillis = deadline.millis();
        Waiter waiter = add(condition);
        LivedTimer timer = LivedTimer.set(
                vertx, deadline.left(), () -> waiter.met().tryFail(Failures.timeout("the page", timeoutMillis)));
        return waiter.met().future().onComplete(ignored -> {
            timer.cancel();
            waiters.remove(waiter);
        });
    }

    private Waiter add(Predicate<PageTarget> condition) {
        Waiter waiter = new Waiter(condition, Promise.promise());
        waiters.add(waiter);
        return waiter;
    }

    /** Completes with {@code work}, or fails if the page is gone first. */
    <T> Future<T> unlessGone(Future<T> work) {
        Waiter waiter = add(page -> false);
        Promise<T> result = Promise.promise();
        waiter.met().future().onFailure(result::tryFail);
        work.onComplete(done -> {
            waiters.remove(waiter);
            if (done.succeeded()) {
                result.tryComplete(done.result());
            } else {
                result.tryFail(done.cause());
            }
        });
        return result.future();
    }

    /** The page has changed: completes the waiters whose condition it meets now. */
    void check() {
        List.copyOf(waiters).stream()
                .filter(waiter -> waiter.condition().test(page))
                .forEach(waiter -> waiter.met().tryComplete());
    }

    /** Fails all waiters with {@code action_failed}. */
    void fail(String why) {
        List.copyOf(waiters).forEach(waiter -> waiter.met().tryFail(Failures.failed(why)));
    }
}
