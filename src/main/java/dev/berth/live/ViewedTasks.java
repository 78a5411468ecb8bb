package dev.berth.live;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ExecuteTask.TaskCommand;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskEvent;
import dev.berth.protocol.TaskView.TaskEvent.StepDone;
import dev.berth.protocol.TaskView.TaskEvent.TaskChanged;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one viewer of the AI tasks that work in its session, and the tasks what the viewer wants of them. On the event loop of the viewer. */
final class ViewedTasks {
    private static final Logger log = LoggerFactory.getLogger(ViewedTasks.class);
    private static final int MAX_TASKS = 20;

    private final Context context;
    private final SessionId session;
    private final SessionTasks tasks;
    private final BiConsumer<String, JsonObject> tell;
    /** The tasks that the viewer knows, ended ones included: a task's state that was read before its end may come late. */
    private final Map<TaskId, Known> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TaskId, Known> eldest) {
            return size() > MAX_TASKS;
        }
    };

    private Optional<MessageConsumer<TaskEvent>> events = Optional.empty();

    /** The facts of a task that the viewer knows. */
    private record Known(
            TaskStatus status, Optional<String> question, Optional<String> error, Optional<TaskStep> step) {
        Known(TaskView task, Optional<TaskStep> step) {
            this(task.status(), task.question(), task.error(), step);
        }

        Known with(TaskStep latest) {
            return new Known(status, question, error, Optional.of(latest));
        }
    }

    /** @param tell gets the latest message of each task, with the name under which it replaces the one before */
    ViewedTasks(Context context, SessionId session, SessionTasks tasks, BiConsumer<String, JsonObject> tell) {
        this.context = context;
        this.session = session;
        this.tasks = tasks;
        this.tell = tell;
    }

    /** Starts to tell. Where Postgres does not answer, the viewer hears of a task from its next step or change on. */
    void start() {
        MessageConsumer<TaskEvent> consumer = tasks.agents().events(session, this::hear);
        events = Optional.of(consumer);
        consumer.completion()
                .compose(listening -> tasks.open().in(session, MAX_TASKS))
                .onSuccess(told -> context.runOnContext(ignored -> catchUp(told)))
                .onFailure(e -> log.debug("{} the tasks could not be read: {}", session, e.getMessage()));
    }

    /** Tells the tasks that were read, except those heard of since: the heard events are newer. */
    private void catchUp(List<TaskEvent> told) {
        Set<TaskId> heard = Set.copyOf(known.keySet());
        List<TaskEvent> news =
                told.stream().filter(event -> !heard.contains(event.taskId())).toList();
        if (events.isPresent()) {
            news.forEach(this::learn);
            news.stream().map(TaskEvent::taskId).distinct().forEach(this::tell);
        }
    }

    private void hear(TaskEvent event) {
        learn(event);
        tell(event.taskId());
    }

    private void learn(TaskEvent event) {
        Optional<Known> before = Optional.ofNullable(known.get(event.taskId()));
        Known now = event instanceof StepDone done
                ? before.orElse(new Known(TaskStatus.RUNNING, Optional.empty(), Optional.empty(), Optional.empty()))
                        .with(done.step())
                : new Known(((TaskChanged) event).task(), before.flatMap(Known::step));
        known.put(event.taskId(), now);
    }

    private void tell(TaskId id) {
        Optional.ofNullable(known.get(id)).ifPresent(task -> tell.accept(id.value(), message(id, task)));
    }

    private static JsonObject message(TaskId id, Known task) {
        return StateMessages.message("task")
                .put("taskId", id.value())
                .put("status", task.status().wireName())
                .put("question", task.question().orElse(null))
                .put("error", task.error().orElse(null))
                .put("step", task.step().map(ViewedTasks::step).orElse(null));
    }

    /** The step without its arguments, which may be long. */
    private static JsonObject step(TaskStep step) {
        return new JsonObject()
                .put("number", step.number())
                .put("tool", step.tool())
                .put("reason", step.reason().orElse(null))
                .put("success", step.success())
                .put("error", step.error().orElse(null));
    }

    /** Sends a command to a task of this session; throws where there is none of this id. */
    Future<TaskView> ask(TaskId id, TaskCommand command) {
        if (!known.containsKey(id)) {
            throw BerthException.invalid("this session has no running task with this id");
        }
        return tasks.agents().ask(id, command);
    }

    void close() {
        events.ifPresent(consumer -> consumer.unregister().onFailure(e -> log.debug("{} {}", session, e.getMessage())));
        events = Optional.empty();
    }
}
