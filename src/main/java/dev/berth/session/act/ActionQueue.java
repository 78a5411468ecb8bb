package dev.berth.session.act;

import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.RecordingAction;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.TaskNote;
import dev.berth.verbs.Verbs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs actions one at a time, and those on recordings and the notes of AI tasks at once, beside the others. Each is one entry in the action log, committed before the action is answered. The
 * session's machine limits how many may wait. Runs on the session's context.
 */
public final class ActionQueue {
    private static final Logger log = LoggerFactory.getLogger(ActionQueue.class);

    private final Actions actions;
    private final Function<ActionEntry, Future<Void>> commit;
    private final Queue<Job> waiting = new ArrayDeque<>();
    private final Set<Job> aside = new HashSet<>();
    private Optional<Job> running = Optional.empty();
    private Optional<BerthException> closed = Optional.empty();

    /** @param commit writes an entry; completes when the entry is safe */
    public ActionQueue(Actions actions, Function<ActionEntry, Future<Void>> commit) {
        this.actions = actions;
        this.commit = commit;
    }

    /**
     * @param work gets the page on which the action acts
     * @param interrupted fails if the session ends before the browser answers
     */
    private record Job(
            Action<?> action,
            Envelope envelope,
            Function<Optional<String>, Future<? extends SessionReply>> work,
            Promise<SessionReply> interrupted,
            Promise<SessionReply> reply) {}

    /**
     * Queues an action. Completes with its reply, or fails with {@link BerthException}.
     *
     * @param envelope who acts, and the cost
     */
    public Future<SessionReply> submit(Action<?> action, Envelope envelope) {
        return submit(action, envelope, page -> actions.perform(action, page));
    }

    /**
     * Like {@link #submit}, for the navigation that the browser was launched with.
     *
     * @param navigated its outcome
     */
    public Future<SessionReply> submitBegun(Navigate opening, Envelope envelope, Future<Navigated> navigated) {
        return submit(opening, envelope, page -> actions.arrived(opening, navigated));
    }

    private Future<SessionReply> submit(
            Action<?> action, Envelope envelope, Function<Optional<String>, Future<? extends SessionReply>> work) {
        if (closed.isPresent()) {
            return Future.failedFuture(closed.get());
        }
        Job job = new Job(action, envelope, work, Promise.promise(), Promise.promise());
        if (action instanceof RecordingAction || action instanceof TaskNote) {
            aside.add(job);
            run(job).onComplete(done -> aside.remove(job));
        } else {
            waiting.add(job);
            runNext();
        }
        return job.reply().future();
    }

    /** Fails the running actions and all that wait. Completes when the running ones are in the log. */
    public Future<Void> close(BerthException why) {
        closed = Optional.of(why);
        waiting.forEach(job -> job.reply().fail(why));
        waiting.clear();
        List<Job> open = new ArrayList<>(aside);
        running.ifPresent(open::add);
        return Future.join(open.stream().map(job -> interrupt(job, why)).toList())
                .mapEmpty();
    }

    private static Future<?> interrupt(Job job, BerthException why) {
        job.interrupted().tryFail(why);
        return job.reply().future().otherwiseEmpty();
    }

    private void runNext() {
        if (running.isPresent() || waiting.isEmpty()) {
            return;
        }
        Job job = waiting.remove();
        running = Optional.of(job);
        run(job).onComplete(done -> {
            running = Optional.empty();
            runNext();
        });
    }

    private Future<SessionReply> run(Job job) {
        Instant start = Instant.now();
        Optional<String> page =
                job.action().actsOnPage() ? job.envelope().page().or(actions::activePage) : Optional.empty();
        perform(job, page).onComplete(result -> {
            if (result.succeeded()) {
                job.interrupted().tryComplete(result.result());
            } else {
                job.interrupted().tryFail(result.cause());
            }
        });
        return job.interrupted()
                .future()
                .transform(result -> record(job, start, page, result.result(), result.cause()))
                .onComplete(job.reply());
    }

    /** An action that throws has failed; the next one must still run. */
    private Future<SessionReply> perform(Job job, Optional<String> page) {
        try {
            return job.work().apply(page).map(reply -> reply);
        } catch (RuntimeException | StackOverflowError e) {
            return Future.failedFuture(e);
        }
    }

    private Future<SessionReply> record(
            Job job, Instant start, Optional<String> page, SessionReply reply, Throwable error) {
        return Future.succeededFuture()
                .compose(now -> commit.apply(entry(job, start, page, reply, error)))
                .transform(committed -> {
                    if (error != null) {
                        return Future.failedFuture(error);
                    }
                    return committed.succeeded() ? Future.succeededFuture(reply) : uncommitted(committed.cause());
                });
    }

    private static Future<SessionReply> uncommitted(Throwable cause) {
        log.warn("an action was done but could not be recorded: {}", cause.toString());
        return Future.failedFuture(new BerthException(
                ErrorCode.NOT_RECORDED, "the action was done, but could not be recorded in the action log"));
    }

    private ActionEntry entry(Job job, Instant start, Optional<String> page, SessionReply reply, Throwable error) {
        Map<String, Object> details = new LinkedHashMap<>(ActionDetails.request(job.action()));
        page.ifPresent(id -> details.put(ActionEntry.PAGE_ID, id));
        job.envelope().reason().ifPresent(why -> details.put("reason", why));
        if (error == null) {
            details.putAll(ActionDetails.outcome(job.action(), reply));
        }
        return new ActionEntry(
                ActionEntry.newId(),
                job.action() instanceof TaskNote note ? note.type() : Verbs.nameOf(job.action()),
                start,
                error == null,
                details,
                Duration.between(start, Instant.now()).toMillis(),
                job.envelope().source(),
                Optional.ofNullable(error).map(ActionQueue::why),
                job.envelope().cost());
    }

    /** Unexpected errors may contain internals or secrets, so their message is not used. */
    private static String why(Throwable error) {
        return error instanceof BerthException known ? known.getMessage() : "the server failed to do it";
    }
}
