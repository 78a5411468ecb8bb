package dev.berth.browser.watch.page;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.loop.LivedTimer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The futures that wait for a page to be there. Lives on the browser's context. */
final class PageArrivals {
    private final Vertx vertx;
    private final List<Waiter> waiters = new ArrayList<>();

    PageArrivals(Vertx vertx) {
        this.vertx = vertx;
    }

    private record Waiter(Supplier<Optional<PageTarget>> wanted, Promise<PageTarget> arrived) {
        void check() {
            wanted.get().ifPresent(arrived::tryComplete);
        }
    }

    /** Completes once the wanted page is watched; fails with {@code timeout}, or when the page is gone. */
    Future<PageTarget> await(Supplier<Optional<PageTarget>> wanted, Deadline deadline) {
        Waiter waiter = new Waiter(wanted, Promise.promise());
        waiters.add(waiter);
        waiter.check();
        LivedTimer timer = LivedTimer.set(
                vertx,
                deadline.left(),
                () -> waiter.arrived().tryFail(Failures.timeout("the page", deadline.millis())));
        return waiter.arrived()
                .future()
                .onComplete(done -> {
                    timer.cancel();
                    waiters.remove(waiter);
                })
                .compose(page -> page.await(PageTarget::isPrepared, deadline).map(page));
    }

    /** A page has opened. */
    void check() {
        List.copyOf(waiters).forEach(Waiter::check);
    }

    void fail(String why) {
        List.copyOf(waiters).forEach(waiter -> waiter.arrived().tryFail(Failures.failed(why)));
    }
}
