package dev.berth.browser.drive.command;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.Refusals;
import dev.berth.browser.watch.PageTarget;
import dev.berth.browser.watch.Pages;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.webfolder.cdp.exception.CdpException;
import io.webfolder.cdp.exception.CommandException;
import io.webfolder.cdp.session.Session;
import java.util.function.Function;

/** Calls cdp4j for the active page, on the lane. */
public final class Hands {
    private final CommandLane lane;
    private final Cdp4jSessions sessions;
    private final Pages pages;

    public Hands(CommandLane lane, Cdp4jSessions sessions, Pages pages) {
        this.lane = lane;
        this.sessions = sessions;
        this.pages = pages;
    }

    /** What is done with a page's cdp4j session; blocks. */
    @FunctionalInterface
    public interface Call<T> {
        T on(Session session) throws Exception;
    }

    public <T> Future<T> onActivePage(Function<PageTarget, Future<T>> action) {
        return leaveActivePage(
                page -> page.crashed() ? Future.failedFuture(Failures.failed(PageTarget.CRASHED)) : action.apply(page));
    }

    /** Of what leaves the page's document: one that has crashed can be left, and nothing else. */
    public <T> Future<T> leaveActivePage(Function<PageTarget, Future<T>> action) {
        try {
            return leave(pages.requireActive(), action);
        } catch (BerthException e) {
            return Future.failedFuture(e);
        }
    }

    public <T> Future<T> leave(PageTarget page, Function<PageTarget, Future<T>> action) {
        return action.apply(page).onFailure(e -> stopIfLate(page, e));
    }

    /** A page that is on its way elsewhere does nothing else until it is there, which may be never. */
    private void stopIfLate(PageTarget page, Throwable e) {
        if (page.leaving() && e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT) {
            pages.stopLoading(page);
        }
    }

    /** A call with a result: cdp4j gives null where no answer came. */
    public <T> Future<T> call(PageTarget page, Call<T> call, Deadline deadline) {
        return run(page, call, deadline)
                .compose(result -> result == null
                        ? Future.failedFuture(Failures.failed("the browser is gone"))
                        : Future.succeededFuture(result));
    }

    <T> Future<T> run(PageTarget page, Call<T> call, Deadline deadline) {
        CommandLane.Task<T> task = lane.run(() -> call.on(sessions.of(page.targetId())), deadline);
        return page.unlessGone(task.result())
                .onFailure(e -> task.cancel())
                .recover(e -> Future.failedFuture(translate(e)));
    }

    private static Throwable translate(Throwable e) {
        if (e instanceof CommandException refused) {
            return Failures.failed(Refusals.plainly(String.valueOf(refused.getMessage())));
        }
        return e instanceof CdpException ? Failures.failed("the browser is gone") : e;
    }
}
