package dev.berth.browser.watch.page;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The futures that wait for a condition of a page, or of all pages. Lives on the browser's context. */
final class Waiters {
    private final Vertx vertx;
    private final List<Waiter> waiters = new ArrayList<>();

    Waiters(Vertx vertx) {
        this.vertx = vertx;
    }

    private record Waiter(BooleanSupplier condition, Promise<Void> met) {}

    /** Completes when {@code condition} is met; fails with {@code timeout}, or when the page is gone. */
    Future<Void> await(BooleanSupplier condition, Deadline deadline) {
        if (condition.getAsBoolean()) {
            return Future.succeededFuture();
        }
        long timeoutMillis = deadline.millis();
        Waiter waiter = add(condition);
        long timer = vertx.setTimer(
                deadline.left(), late -> waiter.met().tryFail(Failures.timeout("the page", timeoutMillis)));
        return waiter.met().future().onComplete(ignored -> {
            vertx.cancelTimer(timer);
            waiters.remove(waiter);
        });
    }

    private Waiter add(BooleanSupplier condition) {
        Waiter waiter = new Waiter(condition, Promise.promise());
        waiters.add(waiter);
        return waiter;
    }

    /** Completes with {@code work}, or fails if the page is gone first. */
    <T> Future<T> unlessGone(Future<T> work) {
        Waiter waiter = add(() -> false);
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

    /** Something has changed: completes those whose condition is met now. */
    void check() {
        List.copyOf(waiters).stream()
                .filter(waiter -> waiter.condition().getAsBoolean())
                .forEach(waiter -> waiter.met().tryComplete());
    }

    void fail(BerthException why) {
        List.copyOf(waiters).forEach(waiter -> waiter.met().tryFail(why));
    }
}
