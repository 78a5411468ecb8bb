package dev.berth.session;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.Traceparent;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.session.machine.ClosingStep;
import dev.berth.session.machine.Moment;
import dev.berth.session.machine.SessionEffect.EndEffect;
import dev.berth.session.machine.SessionEffect.FailPending;
import dev.berth.session.machine.SessionEffect.GiveUp;
import dev.berth.session.machine.SessionEffect.StopRecorders;
import dev.berth.session.machine.SessionEffect.Take;
import dev.berth.session.machine.SessionEffect.TellOver;
import dev.berth.session.machine.SessionEffect.TellUnsafe;
import dev.berth.session.machine.SessionInput;
import dev.berth.session.machine.SessionInput.StepDone;
import dev.berth.session.machine.SessionInput.StepFailed;
import dev.berth.session.record.SessionRecordings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the steps of a session's end and reports it. Runs on the session's context. */
final class SessionEnd {
    private static final Logger log = LoggerFactory.getLogger(SessionEnd.class);

    private final Context context;
    private final SessionId id;
    private final Optional<Traceparent> trace;
    private final SessionKeep keep;
    private final SessionBrowser browser;
    private final SessionRecordings recordings;
    private final SessionProfile profile;
    private final SessionBrowserListener listener;
    private final CommandAnswers answers;
    private final Consumer<SessionInput> machine;
    private final Supplier<Moment> clock;
    private final Promise<SessionOver> over = Promise.promise();
    /** Completes like {@code over}, but fails early if something that the session left can't be kept yet. */
    private final Promise<SessionOver> answer = Promise.promise();

    SessionEnd(
            Context context,
            SessionId id,
            Optional<Traceparent> trace,
            SessionKeep keep,
            SessionBrowser browser,
            SessionRecordings recordings,
            SessionProfile profile,
            SessionBrowserListener listener,
            CommandAnswers answers,
            Consumer<SessionInput> machine,
            Supplier<Moment> clock) {
        this.context = context;
        this.id = id;
        this.trace = trace;
        this.keep = keep;
        this.browser = browser;
        this.recordings = recordings;
        this.profile = profile;
        this.listener = listener;
        this.answers = answers;
        this.machine = machine;
        this.clock = clock;
    }

    /** Completes when the session is over and everything it left is safe. */
    Future<SessionOver> over() {
        return over.future();
    }

    /** The answer for those who wait for the end: fails early if something that the session left can't be kept yet. */
    Future<SessionOver> answer() {
        return over.future().isComplete() ? over.future() : answer.future();
    }

    void perform(EndEffect effect) {
        if (effect instanceof FailPending fail) {
            answers.failPending(fail.why());
            browser.stopActing(fail.why());
        } else if (effect instanceof StopRecorders stop) {
            recordings.end(stop.failed(), stop.unwanted());
        } else if (effect instanceof Take take) {
            take(take.step());
        } else if (effect instanceof GiveUp late) {
            log.error(
                    "{} {} {}: the session ends without this step",
                    id,
                    late.step().what(),
                    late.why());
            if (late.step() == ClosingStep.SAVE_PROFILE || late.step() == ClosingStep.KEEP_PROFILE) {
                profile.giveUp(late.why());
            }
        } else if (effect instanceof TellUnsafe unsafe) {
            log.warn("{} has ended, but some of its data can't be stored yet; will retry: {}", id, unsafe.detail());
            answer.tryFail(new BerthException(
                    ErrorCode.UPSTREAM, "the session has ended, but some of its data could not be stored yet"));
        } else if (effect instanceof TellOver last) {
            tell(last.over(), last.endedAt());
        }
    }

    private void tell(SessionOver last, Instant endedAt) {
        Traffic traffic = browser.traffic();
        keep.tell(new SessionEnded(id, last.status(), last.reason(), endedAt, traffic));
        keep.close();
        LiveSession.traced(log.atInfo(), trace)
                .log(
                        "{} {}: {}; {} bytes in, {} out, {} connections refused",
                        id,
                        last.status().wireName(),
                        last.reason().wireName(),
                        traffic.bytesIn(),
                        traffic.bytesOut(),
                        traffic.blocked());
        over.complete(last);
        answer.tryComplete(last);
    }

    private void take(ClosingStep step) {
        // The step's future may complete on another thread.
        LoopPromise.on(
                        context,
                        Future.succeededFuture().compose(now -> work(step).mapEmpty()))
                .onSuccess(done -> machine.accept(new StepDone(step, clock.get())))
                .onFailure(e -> machine.accept(new StepFailed(step, e.toString(), clock.get())));
    }

    private Future<?> work(ClosingStep step) {
        return switch (step) {
            case KEEP_DOWNLOADS -> listener.settled();
            case END_BROWSER -> {
                // The logs so far go to the object store meanwhile; FLUSH_LOGS waits for that and for the rest.
                logsSafe();
                yield recordings.seen().eventually(browser::close);
            }
            case SAVE_PROFILE -> recordings.seen().eventually(browser::saveProfile);
            case KEEP_PROFILE -> profile.keep();
            case KEEP_RECORDING -> recordings.settled();
            case LOG_LAST_ACTION -> browser.actionsOver();
            // Only the machine knows when they are done; this step ends by its input or its timeout.
            case HEAR_CLIENTS -> Promise.promise().future();
            // A failure here is no failure of the step: KEEP_ALL flushes again, until it succeeds.
            case FLUSH_LOGS -> flushLogs();
            case KEEP_ALL -> keep.last();
            case OVER -> Future.succeededFuture();
        };
    }

    /** All clients are heard, and the browser has ended: what still waits to be logged waits for nothing. */
    private Future<?> flushLogs() {
        keep.acts().close();
        return Future.join(
                        keep.actions().settled(), logsSafe(), keep.artifacts().uploaded())
                .otherwiseEmpty();
    }

    private Future<?> logsSafe() {
        return keep.logs().flush().otherwiseEmpty();
    }
}
