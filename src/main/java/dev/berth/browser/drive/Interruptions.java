package dev.berth.browser.drive;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.Deadline;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.console.ConsoleFormatter;
import dev.berth.browser.watch.page.BerthWorld;
import dev.berth.browser.watch.page.Dialogs;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends scripts that block a page. Chrome ends the script that is running, or otherwise the next one to run, which may be any;
 * so scripts are ended only after the page has not answered for a while. Lives on the browser's context.
 */
public final class Interruptions {
    private static final Logger log = LoggerFactory.getLogger(Interruptions.class);
    /** How long a script may block a page that is being left; or a third of the time left, if that is shorter. */
    private static final long PATIENCE_MILLIS = 5_000;
    /** Within this, a page whose script was ended answers or navigates, on a busy machine too. */
    private static final long AFTERWARDS_MILLIS = 1_000;

    /** The page must stay idle for this part of {@link #AFTERWARDS_MILLIS}. */
    private static final int QUIET_PART = 4;

    /** Ending a script, ending a process, and loading the next document each get this part of the time left. */
    private static final int PARTS = 3;

    private static final long EVALUATED_MILLIS = 250;
    private static final int MAX_URL_CHARS = 200;
    private static final JsonObject QUESTION =
            new JsonObject().put("expression", "0").put("silent", true);
    private static final JsonObject NOTHING = new JsonObject();

    private final CdpConnection connection;
    private final BerthWorld world;
    private final Dialogs dialogs;
    private final BrowserListener listener;

    /** @param listener gets a console entry for each script that is ended because its page is left */
    public Interruptions(CdpConnection connection, Dialogs dialogs, BrowserListener listener) {
        this.connection = connection;
        this.world = new BerthWorld(connection);
        this.dialogs = dialogs;
        this.listener = listener;
    }

    /** Ends what a client's script has left running, if it blocks the page. */
    void end(PageTarget page) {
        answers(page, EVALUATED_MILLIS).onSuccess(answers -> {
            if (!answers) {
                terminate(page);
            }
        });
    }

    /** Whether the page answers within {@code millis}. */
    Future<Boolean> answers(PageTarget page, long millis) {
        return connection
                .send(page.sessionId(), "Runtime.evaluate", QUESTION, Math.max(1, millis))
                .map(true)
                .recover(Interruptions::orRefused);
    }

    /**
     * Carries out a navigation to another document. Chrome commits that document only once the page's script yields: a script
     * that does not is ended. If scripts start again, by a timer for example, the page's process is ended and the navigation is
     * repeated.
     */
    <T> Future<T> leave(PageTarget page, Deadline deadline, Supplier<Future<T>> going) {
        return free(page, deadline).compose(ended -> {
            Departure departure = new Departure(page, deadline);
            Future<T> went = going.get();
            Future<Boolean> crashed = departure.watch(ended ? AFTERWARDS_MILLIS : PATIENCE_MILLIS);
            return went.onComplete(done -> departure.over = true)
                    .recover(e -> page.crashed()
                            ? crashed.compose(byUs -> byUs ? going.get() : Future.failedFuture(e))
                            : Future.failedFuture(e));
        });
    }

    /** Returns whether a script had to be ended. */
    private Future<Boolean> free(PageTarget page, Deadline deadline) {
        if (page.crashed() || page.isLeaving() || dialogs.isOpen(page.sessionId())) {
            return Future.succeededFuture(false);
        }
        return answers(page, atMost(PATIENCE_MILLIS, deadline))
                .compose(answers -> answers
                        ? Future.succeededFuture(false)
                        : endScript(page)
                                .compose(ended -> isQuiet(page, atMost(AFTERWARDS_MILLIS, deadline)))
                                .compose(quiet -> quiet ? Future.succeededFuture(true) : crash(page)));
    }

    /**
     * Whether a timer of Berth's fires in the page. If scripts start again once Chrome is about to commit the next document,
     * the page accepts no commands any more, not even the one that ends a script.
     */
    private Future<Boolean> isQuiet(PageTarget page, long millis) {
        String rest = "new Promise(done => setTimeout(done, " + millis / QUIET_PART + "))";
        return world.await(page, rest, () -> millis).map(true).recover(Interruptions::orRefused);
    }

    /** A refusal by Chrome is an answer too. */
    private static Future<Boolean> orRefused(Throwable e) {
        return Future.succeededFuture(!(e instanceof BerthException));
    }

    private static long atMost(long millis, Deadline deadline) {
        return Math.max(1, Math.min(millis, deadline.left() / PARTS));
    }

    /** A page on its way to another document. It answers commands only when that document is there. */
    private final class Departure {
        private final PageTarget page;
        private final Deadline deadline;
        private final long commits;
        private boolean over;

        Departure(PageTarget page, Deadline deadline) {
            this.page = page;
            this.deadline = deadline;
            this.commits = page.commits();
        }

        /** Ends what blocks the commit once the server has responded; returns whether the page's process was ended. */
        Future<Boolean> watch(long patience) {
            return page.await(p -> over || isDue(), deadline)
                    .compose(due -> page.await(p -> over || !isDue(), soon(patience)))
                    .map(false)
                    .recover(late -> isStuck() ? unblock() : Future.succeededFuture(false));
        }

        private Future<Boolean> unblock() {
            return endScript(page)
                    .compose(ended -> page.await(p -> over || !isDue(), soon(AFTERWARDS_MILLIS)))
                    .map(false)
                    .recover(late -> isStuck() ? crash(page) : Future.succeededFuture(false));
        }

        private Deadline soon(long millis) {
            return new Deadline(atMost(millis, deadline));
        }

        private boolean isDue() {
            return page.hasResponse() && page.commits() == commits;
        }

        private boolean isStuck() {
            return !over && isDue() && !page.crashed() && !page.closed() && !dialogs.isOpen(page.sessionId());
        }
    }

    private Future<Void> endScript(PageTarget page) {
        tell(page, "a script was ended, because its page was left while it ran");
        return terminate(page);
    }

    private Future<Void> terminate(PageTarget page) {
        return connection
                .send(page.sessionId(), "Runtime.terminateExecution", NOTHING, AFTERWARDS_MILLIS)
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** Returns whether the page crashed. Other pages of its process, such as an opener of the same site, crash with it. */
    private Future<Boolean> crash(PageTarget page) {
        tell(page, "a page's process was ended, because its scripts started again while it was left");
        connection
                .send(page.sessionId(), "Page.crash", NOTHING, AFTERWARDS_MILLIS)
                .onFailure(e -> log.debug("no answer to the crash: {}", e.getMessage()));
        return page.await(PageTarget::crashed, new Deadline(AFTERWARDS_MILLIS))
                .transform(heard -> Future.succeededFuture(page.crashed()));
    }

    private void tell(PageTarget page, String what) {
        listener.consoleLogged(ConsoleFormatter.ofBerth(what + ": " + Truncation.cut(page.url(), MAX_URL_CHARS))
                .on(Optional.of(page.targetId())));
    }
}
