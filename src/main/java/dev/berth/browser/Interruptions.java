package dev.berth.browser;

import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Ends scripts that keep a page from everything else. Chrome ends the script that runs, or else the next one: so only where the
 * page does not answer, and not while it is on its way to another document, whose script that could be. Lives on the browser's context.
 */
final class Interruptions {
    private static final long PATIENCE_MILLIS = 500;
    private static final long AFTERWARDS_MILLIS = 250;
    private static final JsonObject QUESTION =
            new JsonObject().put("expression", "0").put("silent", true);

    private final Vertx vertx;
    private final CdpConnection connection;
    private final Dialogs dialogs;

    Interruptions(Vertx vertx, CdpConnection connection, Dialogs dialogs) {
        this.vertx = vertx;
        this.connection = connection;
        this.dialogs = dialogs;
    }

    /** Ends what a client's script left running, if it does. */
    void end(PageTarget page) {
        answers(page, AFTERWARDS_MILLIS).onSuccess(answers -> {
            if (!answers) {
                terminate(page);
            }
        });
    }

    /**
     * Before a page is left: Chrome puts another document into its place only when its script lets it, and from then on listens to
     * nothing. Completes when it answers, or half of the time is up.
     */
    Future<Void> free(PageTarget page, Deadline deadline) {
        if (page.crashed() || page.leaving() || dialogs.isOpen(page.sessionId())) {
            return Future.succeededFuture();
        }
        return answers(page, Math.min(PATIENCE_MILLIS, deadline.left() / 2))
                .compose(answers -> answers ? Future.succeededFuture() : insist(page, deadline));
    }

    /** It may begin again, by a timer say. */
    private Future<Void> insist(PageTarget page, Deadline deadline) {
        return Polling.until(
                        vertx,
                        1,
                        () -> page.leaving() || deadline.over()
                                ? Future.succeededFuture(Optional.of(true))
                                : terminate(page)
                                        .compose(done -> answers(page, AFTERWARDS_MILLIS))
                                        .map(answers -> Optional.of(true).filter(yes -> answers)))
                .mapEmpty();
    }

    /** Whether the page does in that time. */
    Future<Boolean> answers(PageTarget page, long millis) {
        return connection
                .send(page.sessionId(), "Runtime.evaluate", QUESTION, Math.max(1, millis))
                .map(true)
                // A refusal is an answer, too.
                .recover(e -> Future.succeededFuture(!(e instanceof BerthException)));
    }

    private Future<Void> terminate(PageTarget page) {
        return connection
                .send(page.sessionId(), "Runtime.terminateExecution", new JsonObject(), AFTERWARDS_MILLIS)
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
