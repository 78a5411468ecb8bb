package dev.berth.browser.drive;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.Answer;
import dev.berth.browser.cdp.CdpConnection.Whole;
import dev.berth.browser.cdp.ChromeRefusal;
import dev.berth.browser.cdp.ResultBudget;
import dev.berth.browser.drive.element.PageScript;
import dev.berth.browser.watch.PageTarget;
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
 * Runs a client's script over the raw connection, as a console does: it may await, and declare anew what an earlier one declared.
 * What it gives is passed on as Chrome wrote it, without a tree of it; what JSON has no form for is described by describe.js.
 */
final class Evaluations {
    /** Chrome's answer has some more around the value. */
    private static final int ENVELOPE_BYTES = 1 << 16;
    /** By how much Chrome's clock and this one may differ. */
    private static final long CLOCK_MILLIS = 50;

    private static final Logger log = LoggerFactory.getLogger(Evaluations.class);
    private static final String OBJECTS = "berth-evaluate";

    /** No statement begins like that: what has no name it can't declare. */
    private static final Pattern NAMELESS =
            Pattern.compile("\\s*(async\\s+)?function\\s*\\*?\\s*\\(.*", Pattern.DOTALL);

    private final CdpConnection connection;
    private final Interruptions interruptions;

    Evaluations(CdpConnection connection, Interruptions interruptions) {
        this.connection = connection;
        this.interruptions = interruptions;
    }

    /** Fails where the script threw. One that takes too long is ended. */
    Future<EvaluationResult> evaluate(PageTarget page, Evaluate command) {
        Deadline deadline = new Deadline(command.timeoutMillis());
        // Chrome does in order what it is asked: the page's own script may have kept the client's from beginning.
        Future<Boolean> begun = interruptions.answers(page, deadline.left());
        return ResultBudget.OF_PROCESS
                .lend(
                        ResultBudget.TEXT,
                        share -> run(page, expression(command.expression()), deadline, share)
                                .compose(given -> given.held().isEmpty()
                                        ? Future.succeededFuture(given.result())
                                        : describe(page, given.held(), deadline, share)
                                                .map(EvaluationAnswer::result)))
                .recover(e -> Future.failedFuture(isLate(e, deadline) ? late(page, begun, command) : e))
                .recover(Failures::told);
    }

    private static String expression(String script) {
        return NAMELESS.matcher(script).matches()
                ? "(" + script.stripTrailing().replaceFirst(";+$", "") + "\n)"
                : script;
    }

    private Future<EvaluationAnswer> run(PageTarget page, String script, Deadline deadline, ResultBudget.Share share) {
        JsonObject params = new JsonObject()
                .put("expression", script)
                .put("replMode", true)
                .put("objectGroup", OBJECTS)
                .put("timeout", deadline.left());
        return send(page, "Runtime.evaluate", params, deadline, share, EvaluationAnswer::read);
    }

    /** What the script gave is held by Chrome until it is described. */
    private Future<EvaluationAnswer> describe(
            PageTarget page, String objectId, Deadline deadline, ResultBudget.Share share) {
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
            ResultBudget.Share share,
            Answer<EvaluationAnswer> reader) {
        params.put("awaitPromise", true).put("userGesture", true).put("silent", true);
        return page.unlessGone(connection.sendForAll(
                page.sessionId(),
                method,
                params,
                deadline.left(),
                new Whole(Failures.MAX_RESULT_BYTES + ENVELOPE_BYTES, share),
                reader));
    }

    private void release(PageTarget page) {
        connection
                .send(page.sessionId(), "Runtime.releaseObjectGroup", new JsonObject().put("objectGroup", OBJECTS))
                .onFailure(e -> log.debug("what a script gave went with its page: {}", e.getMessage()));
    }

    /** Chrome says "Internal error" of a script that it ended. */
    private static boolean isLate(Throwable e, Deadline deadline) {
        return e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT
                || e instanceof ChromeRefusal && deadline.left() <= CLOCK_MILLIS;
    }

    /** What it began may go on, in a promise of its, and keep the page from all else. */
    private BerthException late(PageTarget page, Future<Boolean> begun, Evaluate command) {
        if (begun.succeeded() && begun.result()) {
            interruptions.end(page);
        }
        return Failures.timeout("the script", command.timeoutMillis());
    }
}
