package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageUrl;
import dev.berth.protocol.SessionCommand.Evaluate;
import dev.berth.protocol.SessionCommand.GoBack;
import dev.berth.protocol.SessionCommand.GoForward;
import dev.berth.protocol.SessionCommand.Navigate;
import dev.berth.protocol.SessionCommand.Reload;
import dev.berth.protocol.SessionCommand.TakeScreenshot;
import dev.berth.protocol.SessionReply.EvaluationResult;
import dev.berth.protocol.SessionReply.NavigationResult;
import dev.berth.protocol.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.webfolder.cdp.exception.CdpException;
import io.webfolder.cdp.exception.CommandException;
import io.webfolder.cdp.session.Session;
import io.webfolder.cdp.type.page.GetNavigationHistoryResult;
import io.webfolder.cdp.type.page.NavigateResult;
import io.webfolder.cdp.type.page.NavigationEntry;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** The hands. cdp4j gives the commands, on the lane; the eyes tell when a page has got there, without a thread. */
final class Cdp4jDriver implements BrowserDriver {
    private static final long QUICK_MILLIS = 10_000;
    private static final long SAME_DOCUMENT_MILLIS = 1_000;
    private static final long SETTLE_MILLIS = 10;
    private static final int SETTLE_LOOKS = 20;

    private final Vertx vertx;
    private final Cdp4jLane lane;
    private final Cdp4jSessions sessions;
    private final ChromeWatcher watcher;
    private final Screenshots screenshots;

    Cdp4jDriver(Vertx vertx, String name, int port, ChromeWatcher watcher, CdpConnection connection) {
        this.vertx = vertx;
        this.lane = new Cdp4jLane(vertx, name);
        this.sessions = new Cdp4jSessions(port);
        this.watcher = watcher;
        this.screenshots = new Screenshots(connection);
    }

    @Override
    public Future<NavigationResult> navigate(Navigate command) {
        return onActivePage(page -> {
            Deadline deadline = new Deadline(command.timeoutMillis());
            String url = allowed(command.url());
            long before = page.commits();
            return call(page, session -> session.getCommand().getPage().navigate(url), deadline)
                    .compose(went -> arrived(page, before, went, command.waitUntil(), deadline))
                    .compose(done -> result(page, true));
        });
    }

    private static String allowed(String url) {
        try {
            return PageUrl.resolve(url);
        } catch (BerthException e) {
            throw Failures.failed("navigation refused: " + e.getMessage());
        }
    }

    private Future<Void> arrived(
            PageTarget page, long before, NavigateResult went, WaitUntil until, Deadline deadline) {
        if (went.getErrorText() != null) {
            return Future.failedFuture(Failures.failed("navigation failed: " + went.getErrorText()));
        }
        if (went.getLoaderId() == null) {
            // Within the document: nothing is loaded, but the eyes are to have seen it.
            return page.await(p -> p.commits() > before, Math.min(SAME_DOCUMENT_MILLIS, deadline.left()))
                    .otherwiseEmpty();
        }
        return page.await(p -> p.hasCommitted(went.getLoaderId()) && p.hasReached(lifecycle(until)), deadline.left());
    }

    @Override
    public Future<NavigationResult> goBack(GoBack command) {
        return travel(-1, command.waitUntil(), new Deadline(command.timeoutMillis()));
    }

    @Override
    public Future<NavigationResult> goForward(GoForward command) {
        return travel(1, command.waitUntil(), new Deadline(command.timeoutMillis()));
    }

    private Future<NavigationResult> travel(int steps, WaitUntil until, Deadline deadline) {
        return onActivePage(page -> {
            Predicate<PageTarget> there = committedAfter(page.commits(), until);
            return settled(page, deadline, SETTLE_LOOKS)
                    .compose(settled -> call(page, session -> travel(session, steps), deadline))
                    .compose(
                            went -> went ? page.await(there, deadline.left()).map(true) : Future.succeededFuture(false))
                    .compose(went -> result(page, went));
        });
    }

    /** The page's own process tells of a move a moment before the history, which is another's, has it. */
    private Future<Void> settled(PageTarget page, Deadline deadline, int looks) {
        return call(page, session -> current(session.getCommand().getPage().getNavigationHistory()), deadline)
                .compose(entry -> looks == 0 || entry.getUrl().equals(page.url())
                        ? Future.succeededFuture()
                        : vertx.timer(SETTLE_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(tick -> settled(page, deadline, looks - 1)));
    }

    private static NavigationEntry current(GetNavigationHistoryResult history) {
        return history.getEntries().get(history.getCurrentIndex());
    }

    private static boolean travel(Session session, int steps) {
        GetNavigationHistoryResult history = session.getCommand().getPage().getNavigationHistory();
        int index = history.getCurrentIndex() + steps;
        if (index < 0 || index >= history.getEntries().size()) {
            return false;
        }
        session.getCommand()
                .getPage()
                .navigateToHistoryEntry(history.getEntries().get(index).getId());
        return true;
    }

    @Override
    public Future<NavigationResult> reload(Reload command) {
        return onActivePage(page -> {
            Deadline deadline = new Deadline(command.timeoutMillis());
            Predicate<PageTarget> there = committedAfter(page.commits(), command.waitUntil());
            return run(
                            page,
                            session -> {
                                session.getCommand().getPage().reload();
                                return true;
                            },
                            deadline)
                    .compose(done -> page.await(there, deadline.left()))
                    .compose(done -> result(page, true));
        });
    }

    @Override
    public Future<EvaluationResult> evaluate(Evaluate command) {
        return onActivePage(page -> call(
                        page,
                        session -> session.getCommand()
                                .getRuntime()
                                .evaluate(
                                        command.expression(),
                                        null,
                                        false,
                                        true,
                                        null,
                                        true,
                                        false,
                                        true,
                                        true,
                                        null,
                                        (double) command.timeoutMillis()),
                        new Deadline(command.timeoutMillis()))
                .onSuccess(done -> watcher.readTitle(page))
                .map(Evaluations::result));
    }

    @Override
    public Future<Buffer> screenshot(TakeScreenshot command) {
        return onActivePage(page -> screenshots.take(page, command));
    }

    /** Ends what runs. Call it once Chrome is gone. */
    Future<Void> close() {
        lane.close();
        return vertx.executeBlocking(
                () -> {
                    sessions.close();
                    return null;
                },
                false);
    }

    private static Predicate<PageTarget> committedAfter(long commits, WaitUntil until) {
        return page -> page.commits() > commits && (page.withinDocument() || page.hasReached(lifecycle(until)));
    }

    private static String lifecycle(WaitUntil until) {
        return switch (until) {
            case LOAD -> "load";
            case DOMCONTENTLOADED -> "DOMContentLoaded";
            case NETWORKIDLE -> "networkIdle";
        };
    }

    /** Where the page is, by its own history: the eyes hear of a title a moment later. */
    private Future<NavigationResult> result(PageTarget page, boolean navigated) {
        Deadline deadline = new Deadline(QUICK_MILLIS);
        return settled(page, deadline, SETTLE_LOOKS)
                .compose(settled ->
                        call(page, session -> session.getCommand().getPage().getNavigationHistory(), deadline))
                .map(history -> {
                    NavigationEntry entry = current(history);
                    watcher.readTitle(page);
                    return new NavigationResult(entry.getUrl(), entry.getTitle(), page.status(), navigated);
                });
    }

    private <T> Future<T> onActivePage(Function<PageTarget, Future<T>> action) {
        try {
            PageTarget page = watcher.requireActivePage();
            return action.apply(page).onFailure(e -> stopIfLate(page, e));
        } catch (BerthException e) {
            return Future.failedFuture(e);
        }
    }

    private void stopIfLate(PageTarget page, Throwable e) {
        if (e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT) {
            watcher.stopLoading(page);
        }
    }

    /** A call with a result: cdp4j gives null where no answer came. */
    private <T> Future<T> call(PageTarget page, Function<Session, T> command, Deadline deadline) {
        return run(page, command, deadline)
                .compose(result -> result == null
                        ? Future.failedFuture(Failures.failed("the browser is gone"))
                        : Future.succeededFuture(result));
    }

    private <T> Future<T> run(PageTarget page, Function<Session, T> command, Deadline deadline) {
        return lane.run(() -> command.apply(sessions.of(page.targetId())), deadline.left())
                .recover(e -> Future.failedFuture(translate(e)));
    }

    private static Throwable translate(Throwable e) {
        if (e instanceof CommandException refused) {
            return Failures.failed(refused.getMessage());
        }
        return e instanceof CdpException ? Failures.failed("the browser is gone: " + e.getMessage()) : e;
    }

    /** Several steps share one timeout. */
    private record Deadline(long millis, long startNanos) {
        Deadline(long millis) {
            this(millis, System.nanoTime());
        }

        long left() {
            return Math.max(1, millis - (System.nanoTime() - startNanos) / 1_000_000);
        }
    }
}
