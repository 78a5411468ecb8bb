package dev.berth.agent;

import dev.berth.agent.machine.TaskEffect.KeepStep;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.Publishing;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskEvent;
import dev.berth.protocol.TaskView.TaskStep;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what a task does, in order: when each step began, how long it took, and which action of the session it is. Tells each thing
 * once it is recorded. Used on one context.
 */
final class TaskRecorder {
    private static final Logger log = LoggerFactory.getLogger(TaskRecorder.class);

    private final Vertx vertx;
    private final TaskHistory history;
    private final TaskId id;
    private final SessionId session;
    private final Scheduler scheduler;
    private final PageData data;
    private Future<Void> written = Future.succeededFuture();
    private Instant actedAt;
    private long actedNanos;
    private Optional<String> actionId = Optional.empty();

    TaskRecorder(Vertx vertx, TaskHistory history, TaskId id, SessionId session, Scheduler scheduler, PageData data) {
        this.vertx = vertx;
        this.history = history;
        this.id = id;
        this.session = session;
        this.scheduler = scheduler;
        this.data = data;
        this.actedAt = scheduler.now();
    }

    /** Events from now on are recorded after the task itself: its row may still be on its way when the task ends. */
    void after(Future<?> recorded) {
        written = recorded.mapEmpty();
    }

    Future<Void> changed(TaskView task) {
        return write(() -> history.changed(task), new TaskEvent.TaskChanged(task));
    }

    void begin() {
        actedAt = scheduler.now();
        actedNanos = scheduler.nanos();
        actionId = Optional.empty();
    }

    void performed(String id) {
        actionId = Optional.of(id);
    }

    Future<Void> step(KeepStep kept) {
        TaskStep step = done(kept);
        return write(() -> history.step(id, step), new TaskEvent.StepDone(id, step));
    }

    private TaskStep done(KeepStep step) {
        boolean ran = TaskTools.isVerb(step.tool()) && actionId.isPresent();
        long millis = ran ? (scheduler.nanos() - actedNanos) / 1_000_000 : 0;
        TaskStep done = new TaskStep(
                step.number(),
                ran ? actedAt : scheduler.now(),
                step.tool(),
                step.arguments(),
                step.success(),
                step.reason().map(data::plain),
                step.error().map(data::plain),
                ran ? actionId : Optional.empty(),
                millis,
                step.cost());
        actionId = Optional.empty();
        return done;
    }

    private Future<Void> write(Supplier<Future<Void>> write, TaskEvent event) {
        written = written.transform(before -> write.get())
                .onSuccess(done -> {
                    Publishing.publish(vertx, Addresses.taskEvents(id), event);
                    Publishing.publish(vertx, Addresses.taskEvents(session), event);
                })
                .onFailure(e -> log.error("{} could not be recorded", id, e));
        return written;
    }
}
