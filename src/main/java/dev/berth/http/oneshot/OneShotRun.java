package dev.berth.http.oneshot;

import dev.berth.http.oneshot.OneShot.Step;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Carries out a {@link OneShot}: makes its session, performs the steps, has the answer made of their replies, and ends the session,
 * whatever came of it. On one event loop.
 */
public final class OneShotRun {
    /** A verb that reaches its timeout says what it waited for: it has this much longer to say so. */
    private static final long GRACE_MILLIS = 500;

    private final SessionClient client;
    private final Scheduler scheduler;
    private final OneShot shot;
    private final OwnSession session;
    private final Promise<Void> made = Promise.promise();
    private final Promise<Void> over = Promise.promise();
    private final List<SessionReply> replies = new ArrayList<>();
    private final long startNanos;

    /** @param client of the node that the session is to be on, if there is room */
    public OneShotRun(Vertx vertx, SessionClient client, Scheduler scheduler, OneShot shot) {
        this.client = client.as(shot.session().userId());
        this.scheduler = scheduler;
        this.shot = shot;
        this.session = new OwnSession(vertx, this.client, shot.session().sessionId());
        this.startNanos = scheduler.nanos();
    }

    /** Completes when the session is in the list of sessions; a one-shot that is refused makes none. */
    public Future<Void> made() {
        return made.future();
    }

    /** Completes when the session is over, and all that it left is stored. */
    public Future<Void> over() {
        return over.future();
    }

    /**
     * Does it all, once. The session begins to end when the answer is there. Fails as creating a session and the steps do, and with {@link
     * ErrorCode#SESSION_ENDED} and the reason where the session ended by itself.
     *
     * @param answer makes the answer of the replies to the steps, while the session still runs
     */
    public <T> Future<T> run(Function<List<SessionReply>, Future<T>> answer) {
        Future<T> work = session.make(() -> client.create(shot.session()))
                .onSuccess(accepted -> made.tryComplete())
                .onFailure(made::tryFail)
                .compose(accepted -> client.whenRunning(id()))
                .compose(running -> perform(0))
                .compose(done -> answer.apply(replies))
                .recover(this::explained);
        return scheduler
                .within(shot.timeout() + GRACE_MILLIS, work)
                .recover(e -> Future.failedFuture(e instanceof TimeoutException ? late() : e))
                .onComplete(done -> end(EndReason.CLIENT));
    }

    /** Ends the session before its answer, which nobody waits for any more. */
    public void leave() {
        end(EndReason.CLIENT_DISCONNECTED);
    }

    /** Asks the session while it runs. */
    public <R extends SessionReply> Future<R> ask(SessionCommand<R> command) {
        return client.ask(id(), command);
    }

    private SessionId id() {
        return session.id();
    }

    private Future<Void> perform(int index) {
        if (index == shot.steps().size()) {
            return Future.succeededFuture();
        }
        long left = left();
        if (left <= 0) {
            return Future.failedFuture(new TimeoutException());
        }
        Step step = shot.steps().get(index);
        return ask(step.within(left))
                .compose(this::note)
                .recover(e -> {
                    if (step.optional() && (ErrorCode.TIMEOUT.isOf(e) || ErrorCode.ACTION_FAILED.isOf(e))) {
                        return Future.succeededFuture();
                    }
                    return Future.failedFuture(step.limit() > left && ErrorCode.TIMEOUT.isOf(e) ? ofAll(e) : e);
                })
                .compose(done -> perform(index + 1));
    }

    private Future<Void> note(SessionReply reply) {
        if (reply instanceof NavigationResult opened && !opened.navigated()) {
            return Future.failedFuture(
                    new BerthException(ErrorCode.ACTION_FAILED, "the URL leads to a file, not to a page"));
        }
        replies.add(reply);
        return Future.succeededFuture();
    }

    private long left() {
        return shot.timeout() - TimeUnit.NANOSECONDS.toMillis(scheduler.nanos() - startNanos);
    }

    private BerthException late() {
        String what = !made.future().succeeded() || replies.isEmpty()
                ? "no page was open within "
                : "the answer was not there within ";
        return new BerthException(ErrorCode.TIMEOUT, what + shot.timeout() + " ms");
    }

    /** A session that has ended by itself does not answer any more, but its last state says why. */
    private <T> Future<T> explained(Throwable e) {
        if (made.future().succeeded() && ErrorCode.SESSION_NOT_FOUND.isOf(e)) {
            return client.describe(id())
                    .map(SessionDescription::absence)
                    .compose(Future::<T>failedFuture, unknown -> Future.failedFuture(e));
        }
        return Future.failedFuture(e);
    }

    /** The error of a step tells of the time that was left for the step. */
    private BerthException ofAll(Throwable e) {
        BerthException late = (BerthException) e;
        return new BerthException(
                late.code(),
                late.getMessage() + ", the rest of the " + shot.timeout() + " ms for the whole request",
                late.hint().orElse(""));
    }

    private void end(EndReason reason) {
        session.end(reason).onComplete(ended -> over.tryComplete());
    }
}
