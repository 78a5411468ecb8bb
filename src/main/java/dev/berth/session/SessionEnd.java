package dev.berth.session;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.session.machine.ClosingStep;
import dev.berth.session.machine.Moment;
import dev.berth.session.machine.SessionEffect.EndEffect;
import dev.berth.session.machine.SessionEffect.FailPending;
import dev.berth.session.machine.SessionEffect.GiveUp;
import dev.berth.session.machine.SessionEffect.Take;
import dev.berth.session.machine.SessionEffect.TellOver;
import dev.berth.session.machine.SessionEffect.TellUnsafe;
import dev.berth.session.machine.SessionInput;
import dev.berth.session.machine.SessionInput.StepDone;
import dev.berth.session.machine.SessionInput.StepFailed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the steps of a session's end, and tells of it. On the session's context. */
final class SessionEnd {
    private static final Logger log = LoggerFactory.getLogger(SessionEnd.class);

    private final ContextInternal context;
    private final SessionId id;
    private final SessionKeep keep;
    private final SessionBrowser browser;
    private final BrowserHearing hearing;
    private final Answers answers;
    private final Consumer<SessionInput> machine;
    private final Supplier<Moment> clock;
    private final Promise<SessionOver> over = Promise.promise();
    /** As {@code over}, or why not all that the session left is safe yet. */
    private final Promise<SessionOver> told = Promise.promise();

    SessionEnd(
            ContextInternal context,
            SessionId id,
            SessionKeep keep,
            SessionBrowser browser,
            BrowserHearing hearing,
            Answers answers,
            Consumer<SessionInput> machine,
            Supplier<Moment> clock) {
        this.context = context;
        this.id = id;
        this.keep = keep;
        this.browser = browser;
        this.hearing = hearing;
        this.answers = answers;
        this.machine = machine;
        this.clock = clock;
    }

    /** Completes when the session is over and all that it left is safe. */
    Future<SessionOver> over() {
        return over.future();
    }

    /** What is told to who waits for the end: fails where not all that the session left is safe yet. */
    Future<SessionOver> told() {
        return over.future().isComplete() ? over.future() : told.future();
    }

    void perform(EndEffect effect) {
        if (effect instanceof FailPending fail) {
            answers.failPending(fail.why());
            browser.stopActing(fail.why());
        } else if (effect instanceof Take take) {
            take(take.step());
        } else if (effect instanceof GiveUp late) {
            log.error("{} {} {}: it ends without that", id, late.step().what(), late.why());
        } else if (effect instanceof TellUnsafe unsafe) {
            log.warn("{} what it left can't be kept, is tried again: {}", id, unsafe.detail());
            told.tryFail(new BerthException(
                    ErrorCode.UPSTREAM, "the session has ended, but not all that it left could be kept yet"));
        } else if (effect instanceof TellOver last) {
            tell(last.over());
        }
    }

    private void tell(SessionOver last) {
        keep.close();
        log.info("{} {}: {}", id, last.status().wireName(), last.reason().wireName());
        over.complete(last);
        told.tryComplete(last);
    }

    private void take(ClosingStep step) {
        // Who completes it may do so on another thread.
        Promise<Object> taken = context.promise();
        Future.succeededFuture().<Object>compose(now -> work(step).mapEmpty()).onComplete(taken);
        taken.future()
                .onSuccess(done -> machine.accept(new StepDone(step, clock.get())))
                .onFailure(e -> machine.accept(new StepFailed(step, e.toString(), clock.get())));
    }

    private Future<?> work(ClosingStep step) {
        return switch (step) {
            case KEEP_DOWNLOADS -> hearing.settled();
            case END_BROWSER -> browser.close();
            case LOG_LAST_ACTION -> browser.actionsOver();
            // The machine counts them.
            case HEAR_CLIENTS -> Promise.promise().future();
            // What can't be kept now is tried again until it can.
            case FLUSH_LOGS -> keep.logs().flush().otherwiseEmpty();
            case KEEP_ALL -> keep.last();
            case OVER -> Future.succeededFuture();
        };
    }
}
