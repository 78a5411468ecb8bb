package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.Answer;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.PageScript;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageAction.Evaluate;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a client's script as a console does: it may use {@code await}, and redeclare what an earlier script declared. The result
 * is passed on as Chrome wrote it, without parsing it into a tree; describe.js describes results that JSON can't express. Lives
 * on the browser's context.
 */
final class Evaluations {
    /** The JSON around the value in Chrome's answer. */
    private static final int ENVELOPE_BYTES = 1 << 16;
    /** The most that Chrome's timer and this one may differ. */
    private static final long CLOCK_MILLIS = 50;

    private static final Logger log = LoggerFactory.getLogger(Evaluations.class);
    private static final String OBJECTS = "berth-evaluate";

    /** A function without a name: an expression, as a declaration needs a name. Chrome would take it for a faulty declaration. */
    private static final Pattern NAMELESS =
            Pattern.compile("\\s*(async\\s+)?function\\s*\\*?\\s*\\(.*", Pattern.DOTALL);

    private final CdpConnection connection;
    private final Pages pages;
    private final Interruptions interruptions;

    Evaluations(CdpConnection connection, Pages pages, Interruptions interruptions) {
        this.connection = connection;
        this.pages = pages;
        this.interruptions = interruptions;
    }

    /** Fails if the script throws. Ends a script that takes too long. */
    Future<EvaluationResult> evaluate(PageHands hands, Evaluate command) {
        return hands.onPage(page -> {
            Future<EvaluationResult> result = evaluate(page, command);
            hands.onAbandon(() -> abandon(page, result));
            return result.onSuccess(done -> pages.readTitle(page));
        });
    }

    private Future<EvaluationResult> evaluate(PageTarget page, Evaluate command) {
        Deadline deadline = new Deadline(command.timeout());
        // Chrome runs commands in order: this one shows whether the page's own script has kept the client's script from
        // starting.
        Future<Boolean> begun = interruptions.answers(page, deadline.left());
        return WholeAnswer.MEMORY
                .lend(share -> run(page, expression(command.expression()), deadline, share)
                        .compose(given -> given.held().isEmpty()
                                ? Future.succeededFuture(given.result())
                                : describe(page, given.held(), deadline, share).map(EvaluationAnswer::result)))
                .recover(e -> Future.failedFuture(isLate(e, deadline) ? late(page, begun, command) : e))
                .recover(Failures::told);
    }

    /** The script may block the page. */
    private void abandon(PageTarget page, Future<EvaluationResult> result) {
        if (!result.isComplete()) {
            interruptions.end(page);
        }
    }

    private static String expression(String script) {
        return NAMELESS.matcher(script).matches()
                ? "(" + script.stripTrailing().replaceFirst(";+$", "") + "\n)"
                : script;
    }

    private Future<EvaluationAnswer> run(PageTarget page, String script, Deadline deadline, MemoryBudget.Share share) {
        JsonObject params = new JsonObject()
                .put("expression", script)
                .put("replMode", true)
                .put("objectGroup", OBJECTS)
                .put("timeout", deadline.left());
        return send(page, "Runtime.evaluate", params, deadline, share, EvaluationAnswer::read);
    }

    /** Describes the resulting object, then releases it. */
    private Future<EvaluationAnswer> describe(
            PageTarget page, String objectId, Deadline deadline, MemoryBudget.Share share) {
        JsonObject params = new JsonObject()
                .put("functionDeclaration", PageScript.DESCRIBE)
                .put("objectId", objectId)
                .put("returnByValue", true);
        return send(page, "Runtime.callFunctionOn", params, deadline, share, EvaluationAnswer::readDescribed)
                .onComplete(done -> release(page));
    }

    private Future<EvaluationAnswer> send(
            PageTarget page,
            String method,
            JsonObject params,
            Deadline deadline,
            MemoryBudget.Share share,
            Answer<EvaluationAnswer> reader) {
        params.put("awaitPromise", true).put("userGesture", true).put("silent", true);
        return page.unlessGone(connection.sendForAll(
                page.sessionId(),
                method,
                params,
                deadline.left(),
                new WholeAnswer(Failures.MAX_RESULT_BYTES + ENVELOPE_BYTES, WholeAnswer.TEXT, share),
                reader));
    }

    private void release(PageTarget page) {
        connection
                .send(page.sessionId(), "Runtime.releaseObjectGroup", new JsonObject().put("objectGroup", OBJECTS))
                .onFailure(e -> log.debug("the result of a script was gone with its page: {}", e.getMessage()));
    }

    /** Chrome answers "Internal error" for a script that it ended. */
    private static boolean isLate(Throwable e, Deadline deadline) {
        return e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT
                || e instanceof ChromeRefusal && deadline.left() <= CLOCK_MILLIS;
    }

    /** The script may go on in a promise, and block the page; so it is ended, but only if it was the client's that ran. */
    private BerthException late(PageTarget page, Future<Boolean> begun, Evaluate command) {
        if (begun.succeeded() && begun.result()) {
            interruptions.end(page);
        }
        return Failures.timeout("the script", command.timeout());
    }
}
