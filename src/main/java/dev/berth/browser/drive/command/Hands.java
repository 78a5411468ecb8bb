package dev.berth.browser.drive.command;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs the actions of verbs on pages, and their blocking calls on the session's lane. Lives on the browser's context. */
public final class Hands {
    private final CommandLane lane;
    private final PageSessions sessions;
    private final Pages pages;
    private Runnable onBegin = () -> {};
    private int running;

    /**
     * @param connect opens a connection to the browser, on the caller's context
     * @param warm a connection that is attached to the Chrome's first page already
     */
    public Hands(
            Vertx vertx,
            CommandThreads threads,
            Supplier<Future<CdpConnection>> connect,
            Pages pages,
            Optional<WarmHands> warm) {
        this.lane = new CommandLane(vertx, threads);
        this.sessions = new PageSessions(vertx.getOrCreateContext(), connect);
        this.pages = pages;
        warm.ifPresent(sessions::take);
    }

    /** Uses a page's commands; may block. */
    @FunctionalInterface
    public interface Call<T> {
        T on(PageCommands commands) throws Exception;
    }

    /** The hands on one page. */
    public PageHands on(PageTarget page) {
        return new PageHands(this, page);
    }

    <T> Future<T> leave(PageTarget page, Function<PageTarget, Future<T>> action) {
        running++;
        onBegin.run();
        return attempt(page, action).onComplete(done -> running--).onFailure(e -> stopIfLate(page, e));
    }

    private static <T> Future<T> attempt(PageTarget page, Function<PageTarget, Future<T>> action) {
        try {
            return action.apply(page);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Whether a verb runs. */
    public boolean isBusy() {
        return running > 0;
    }

    /** @param handler is called when a verb begins */
    public void onBegin(Runnable handler) {
        onBegin = handler;
    }

    /** Cancels the navigation of a verb that timed out: the page would take no other command until the navigation ends. */
    private void stopIfLate(PageTarget page, Throwable e) {
        if (e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT) {
            stop(page);
        }
    }

    void stop(PageTarget page) {
        if (page.isLeaving()) {
            pages.stopLoading(page);
        }
    }

    /** @param abandoned fails where the call is to be interrupted */
    <T> Future<T> call(PageTarget page, Call<T> call, Deadline deadline, Future<Void> abandoned) {
        CommandLane.Task<T> task =
                lane.run(() -> call.on(new PageCommands(sessions.await(page.targetId()), deadline)), deadline);
        abandoned.onFailure(e -> task.cancel());
        return page.unlessGone(task.result())
                .onFailure(e -> task.cancel())
                .recover(e -> Future.failedFuture(translate(e)));
    }

    private static Throwable translate(Throwable e) {
        return e instanceof ChromeRefusal ? Failures.failed(Failures.plain(String.valueOf(e.getMessage()))) : e;
    }

    /** Interrupts the running call, and closes the connection. */
    public Future<Void> close() {
        lane.close();
        return sessions.close();
    }
}
