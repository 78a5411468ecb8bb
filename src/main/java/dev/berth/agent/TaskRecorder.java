package dev.berth.agent;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.Publishing;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskEvent;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStep;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records what a task does, in order, and tells each thing once it is recorded. */
final class TaskRecorder {
    private static final Logger log = LoggerFactory.getLogger(TaskRecorder.class);

    private final Vertx vertx;
    private final TaskHistory history;
    private final TaskId id;
    private final SessionId session;
    private Future<Void> written = Future.succeededFuture();

    TaskRecorder(Vertx vertx, TaskHistory history, TaskId id, SessionId session) {
        this.vertx = vertx;
        this.history = history;
        this.id = id;
        this.session = session;
    }

    /** What is told from now on is recorded after the task itself: its row may still be on its way when the task ends. */
    void after(Future<?> recorded) {
        written = recorded.mapEmpty();
    }

    Future<Void> changed(TaskView task) {
        return write(() -> history.changed(task), new TaskEvent.TaskChanged(task));
    }

    Future<Void> step(TaskStep step) {
        return write(() -> history.step(id, step), new TaskEvent.StepDone(id, step));
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
