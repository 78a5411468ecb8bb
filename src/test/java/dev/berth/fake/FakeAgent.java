package dev.berth.fake;

import dev.berth.history.TaskRepository;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskCommand;
import dev.berth.protocol.TaskCommand.AnswerTask;
import dev.berth.protocol.TaskCommand.CancelTask;
import dev.berth.protocol.TaskEvent;
import dev.berth.protocol.TaskEvent.StepDone;
import dev.berth.protocol.TaskEvent.TaskChanged;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskStep;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes AI tasks from the bus, and does with them what a test says. Records them as an agent does. */
public final class FakeAgent {
    public static final Cost STEP_COST = new Cost(0.25, 10, 2);

    /** What it was asked to run, and told by people. */
    public final List<ExecuteTask> requests = new CopyOnWriteArrayList<>();

    public final List<String> answers = new CopyOnWriteArrayList<>();

    private final Vertx vertx;
    private final TaskRepository tasks;
    private final Map<TaskId, TaskView> views = new ConcurrentHashMap<>();
    private final Map<TaskId, MessageConsumer<?>> running = new ConcurrentHashMap<>();
    private final MessageConsumer<ExecuteTask> requested;

    public FakeAgent(Vertx vertx, TaskRepository tasks) {
        this.vertx = vertx;
        this.tasks = tasks;
        this.requested = vertx.eventBus().consumer(Addresses.EXECUTE, this::execute);
    }

    /** Completes when it can be asked. */
    public Future<Void> listening() {
        return requested.completion();
    }

    private void execute(Message<ExecuteTask> message) {
        ExecuteTask request = message.body();
        TaskView first = new TaskView(
                request.taskId(),
                request.sessionId().orElseGet(SessionId::random),
                request.userId(),
                request.spec().instruction(),
                TaskStatus.STARTING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Cost.NONE,
                Instant.now(),
                Optional.empty());
        tasks.started(request, first, "node-of-the-fake")
                .compose(claimed -> claimed.taskId().equals(first.taskId())
                        ? begin(request, claimed)
                        : Future.succeededFuture(claimed))
                .onSuccess(message::reply)
                .onFailure(e -> message.fail(((BerthException) e).code().number(), e.getMessage()));
    }

    private Future<TaskView> begin(ExecuteTask request, TaskView first) {
        requests.add(request);
        views.put(first.taskId(), first);
        MessageConsumer<TaskCommand<?>> commands =
                vertx.eventBus().consumer(Addresses.task(first.taskId()), message -> command(first.taskId(), message));
        running.put(first.taskId(), commands);
        return commands.completion().map(first);
    }

    private void command(TaskId id, Message<TaskCommand<?>> message) {
        if (message.body() instanceof CancelTask) {
            end(id, TaskStatus.CANCELLED, Optional.empty()).onSuccess(done -> message.reply(views.get(id)));
        } else if (message.body() instanceof AnswerTask answer) {
            if (views.get(id).question().isEmpty()) {
                message.fail(ErrorCode.CONFLICT.number(), "the task asks nothing");
                return;
            }
            answers.add(answer.text());
            move(id, TaskStatus.RUNNING, Optional.empty()).onSuccess(done -> message.reply(views.get(id)));
        } else {
            message.reply(views.get(id));
        }
    }

    /** Does a step. */
    public Future<Void> step(TaskId id, int number, String tool) {
        TaskStep step = new TaskStep(
                number,
                Instant.now(),
                tool,
                Map.of("selector", "e7", "nul", "a\0b"),
                true,
                Optional.of("because"),
                Optional.empty(),
                Optional.of("action-" + number),
                5,
                STEP_COST);
        views.computeIfPresent(id, (same, task) -> with(task, task.status(), task.output(), task.question(), number));
        return tasks.step(id, step).onSuccess(kept -> publish(new StepDone(id, step)));
    }

    /** Changes the status of a task that goes on. */
    public Future<Void> move(TaskId id, TaskStatus status, Optional<String> question) {
        return change(with(
                views.get(id), status, Optional.empty(), question, views.get(id).steps()));
    }

    /** Ends a task, after which it answers nothing. */
    public Future<Void> end(TaskId id, TaskStatus status, Optional<String> output) {
        return change(with(
                        views.get(id),
                        status,
                        output,
                        Optional.empty(),
                        views.get(id).steps()))
                .onSuccess(told -> forget(id));
    }

    /** Lets it answer nothing any more, as if its node had died. */
    public Future<Void> forget(TaskId id) {
        return running.remove(id).unregister();
    }

    private Future<Void> change(TaskView after) {
        views.put(after.taskId(), after);
        return tasks.changed(after).onSuccess(kept -> publish(new TaskChanged(after)));
    }

    private void publish(TaskEvent event) {
        vertx.eventBus().publish(Addresses.taskEvents(event.taskId()), event);
    }

    private static TaskView with(
            TaskView task, TaskStatus status, Optional<String> output, Optional<String> question, int steps) {
        return new TaskView(
                task.taskId(),
                task.sessionId(),
                task.userId(),
                task.instruction(),
                status,
                output,
                question,
                Optional.empty(),
                steps,
                new Cost(steps * STEP_COST.usd(), steps * STEP_COST.inputTokens(), steps * STEP_COST.outputTokens()),
                task.startedAt(),
                status.ended() ? Optional.of(Instant.now()) : Optional.empty());
    }

    public Future<Void> close() {
        return requested.unregister();
    }
}
