package dev.berth.session.act;

import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.RecordingAction;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskSupport.TaskNote;
import dev.berth.verbs.Verbs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
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
 * Runs actions one at a time. Beside them run actions on recordings, the notes of AI tasks, and what people ask for in the live view,
 * possibly because an action takes so long; people's actions on one page run one at a time, too. Each action is one entry in the
 * action log, committed before the action is answered. The session's machine limits how many may wait. Runs on the session's
 * context.
 */
public final class ActionQueue {
    private static final Logger log = LoggerFactory.getLogger(ActionQueue.class);

    /** The lane of all but people, whose lanes have the ids of pages. */
    private static final String CLIENTS = "";

    private static final BerthException CANCELLED =
            new BerthException(ErrorCode.ACTION_FAILED, "the action was cancelled");

    private final ActionRunner actions;
    private final Function<ActionEntry, Future<Void>> commit;
    /** The jobs that wait in each lane in which an action runs. */
    private final Map<String, Queue<Job>> lanes = new HashMap<>();

    private final Set<Job> running = Collections.newSetFromMap(new IdentityHashMap<>());
    private Optional<BerthException> closed = Optional.empty();

    /** @param commit writes an entry; completes when the entry is safe */
    public ActionQueue(ActionRunner actions, Function<ActionEntry, Future<Void>> commit) {
        this.actions = actions;
        this.commit = commit;
    }

    /**
     * @param lane in which actions run one at a time; one without a lane waits for none
     * @param work gets the page on which the action acts, and what completes where the browser is to give it up
     * @param interrupted fails if the session ends before the browser answers, or the action is cancelled
     */
    private record Job(
            Action<?> action,
            Envelope envelope,
            Optional<String> lane,
            Work work,
            Promise<Void> cancelled,
            Promise<SessionReply> interrupted,
            Promise<SessionReply> reply) {
        boolean isOf(String call) {
            return envelope.call().filter(call::equals).isPresent();
        }
    }

    private interface Work {
        Future<? extends SessionReply> on(Optional<String> page, Future<Void> cancelled);
    }

    /**
     * Queues an action. Completes with its reply, or fails with {@link BerthException}.
     *
     * @param envelope who acts, and the cost
     */
    public Future<SessionReply> submit(Action<?> action, Envelope envelope) {
        return submit(
                action,
                envelope,
                (page, cancelled) -> action instanceof OpenPage open && envelope.source() == ActionSource.LIVE
                        ? actions.openTab(open)
                        : actions.perform(action, page, cancelled));
    }

    /**
     * Like {@link #submit}, for the navigation that the browser was launched with.
     *
     * @param navigated its outcome
     */
    public Future<SessionReply> submitBegun(Navigate opening, Envelope envelope, Future<Navigated> navigated) {
        return submit(opening, envelope, (page, cancelled) -> actions.arrived(opening, navigated));
    }

    private Future<SessionReply> submit(Action<?> action, Envelope envelope, Work work) {
        if (closed.isPresent()) {
            return Future.failedFuture(closed.get());
        }
        Job job = new Job(
                action,
                envelope,
                lane(action, envelope),
                work,
                Promise.promise(),
                Promise.promise(),
                Promise.promise());
        job.lane().map(lanes::get).ifPresentOrElse(waiting -> waiting.add(job), () -> start(job));
        return job.reply().future();
    }

    private Optional<String> lane(Action<?> action, Envelope envelope) {
        if (action instanceof RecordingAction || action instanceof TaskNote) {
            return Optional.empty();
        } else if (envelope.source() != ActionSource.LIVE) {
            return Optional.of(CLIENTS);
        }
        return action.actsOnPage() ? envelope.page().or(actions::activePage) : Optional.empty();
    }

    /** Fails the actions that were sent under this name. Waiting actions are not in the log: they were never begun. */
    public void cancel(String call) {
        for (Queue<Job> waiting : lanes.values()) {
            List<Job> dropped = waiting.stream().filter(job -> job.isOf(call)).toList();
            waiting.removeAll(dropped);
            dropped.forEach(job -> job.reply().fail(CANCELLED));
        }
        List.copyOf(running).stream().filter(job -> job.isOf(call)).forEach(job -> {
            job.cancelled().tryComplete();
            job.interrupted().tryFail(CANCELLED);
        });
    }

    /** Fails the running actions and all that wait. Completes when the running ones are in the log. */
    public Future<Void> close(BerthException why) {
        closed = Optional.of(why);
        lanes.values().forEach(waiting -> {
            waiting.forEach(job -> job.reply().fail(why));
            waiting.clear();
        });
        return Future.join(List.copyOf(running).stream()
                        .map(job -> interrupt(job, why))
                        .toList())
                .mapEmpty();
    }

    private static Future<?> interrupt(Job job, BerthException why) {
        job.interrupted().tryFail(why);
        return job.reply().future().otherwiseEmpty();
    }

    private void start(Job job) {
        job.lane().ifPresent(lane -> lanes.putIfAbsent(lane, new ArrayDeque<>()));
        running.add(job);
        run(job).onComplete(done -> {
            running.remove(job);
            job.lane().ifPresent(this::runNext);
        });
    }

    private void runNext(String lane) {
        Optional.ofNullable(lanes.get(lane).poll()).ifPresentOrElse(this::start, () -> lanes.remove(lane));
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
            return job.work().on(page, job.cancelled().future()).map(reply -> reply);
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
        log.warn("an action was performed but could not be recorded in the action log: {}", cause.toString());
        return Future.failedFuture(new BerthException(
                ErrorCode.NOT_RECORDED, "the action was done, but could not be recorded in the action log"));
    }

    private ActionEntry entry(Job job, Instant start, Optional<String> page, SessionReply reply, Throwable error) {
        Map<String, Object> details = new LinkedHashMap<>(ActionDetails.request(job.action()));
        page.ifPresent(id -> details.put(ActionEntry.PAGE_ID, id));
        job.envelope().call().flatMap(TaskId::parse).ifPresent(task -> details.put(ActionEntry.TASK_ID, task.value()));
        job.envelope().reason().ifPresent(why -> details.put("reason", why));
        if (error == null) {
            details.putAll(ActionDetails.outcome(job.action(), reply));
        }
        return new ActionEntry(
                ActionEntry.newId(),
                job.action() instanceof TaskNote note
                        ? note.type()
                        : Verbs.of(job.action()).name(),
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
