package dev.berth.agent;

import dev.berth.agent.machine.TaskInput;
import dev.berth.agent.machine.TaskInput.Answered;
import dev.berth.agent.machine.TaskInput.CancelAsked;
import dev.berth.agent.machine.TaskInput.TimeUp;
import dev.berth.agent.model.Model;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.limits.FairQueue;
import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import dev.berth.metrics.AiCounts;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.ExecuteTask.TaskCommand.AnswerTask;
import dev.berth.protocol.ExecuteTask.TaskCommand.CancelTask;
import dev.berth.protocol.ExecuteTask.TaskCommand.DescribeTask;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the AI tasks of a node. One per node that has a model. */
public final class AgentVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(AgentVerticle.class);

    /** A task whose claim's answer was lost is recorded, but runs nowhere. */
    private static final long CORRECT_MILLIS = 60_000;

    private final AgentServices services;
    private final FairQueue<Long> queue;
    private final Map<TaskId, TaskActor> tasks = new HashMap<>();
    /** A promise for each task, completed when the task gives up its place, or its turn in the queue. */
    private final Map<TaskId, Promise<Void>> places = new HashMap<>();

    private boolean stopping;

    public AgentVerticle(AgentServices services) {
        this.services = services;
        // One user can't take all places, unless there is only one.
        this.queue = new FairQueue<>(
                services.maxTasks(),
                Math.max(1, services.maxTasks() / 2),
                new CountLimit<>(
                        new Bound(20, "20 of your AI tasks are already waiting for a place on this node"),
                        new Bound(100, "100 AI tasks are already waiting for a place on this node")));
    }

    @Override
    public Future<?> start() {
        correct();
        return vertx.eventBus()
                .consumer(Addresses.EXECUTE, (Message<Object> message) -> answer(message, this::execute))
                .completion();
    }

    private void correct() {
        services.scheduler()
                .after(
                        CORRECT_MILLIS,
                        () -> services.history()
                                .correct(services.scheduler().now(), Set.copyOf(tasks.keySet()))
                                .onSuccess(failed -> {
                                    if (failed > 0) {
                                        log.warn(
                                                "{} AI tasks recorded for this node, which it does not run, were set to failed",
                                                failed);
                                    }
                                })
                                .onFailure(e ->
                                        log.debug("the AI tasks of this node could not be checked: {}", e.toString()))
                                .onComplete(looked -> correct()));
    }

    /** Cancels all tasks, and waits until they are recorded. */
    @Override
    public Future<?> stop() {
        stopping = true;
        List<TaskActor> left = List.copyOf(tasks.values());
        left.forEach(task -> task.tell(new CancelAsked("the server was shut down")));
        return Future.join(left.stream().map(TaskActor::whenOver).toList()).otherwiseEmpty();
    }

    private static void answer(Message<Object> message, Function<Message<Object>, Future<TaskView>> handler) {
        Future.succeededFuture()
                .compose(now -> handler.apply(message))
                .onSuccess(message::reply)
                .onFailure(e -> FailedRequest.tell(message, e, AgentVerticle::unforeseen));
    }

    private static BerthException unforeseen(Throwable e) {
        log.error("a command to an AI task failed unexpectedly", e);
        return new BerthException(ErrorCode.INTERNAL, "the node failed to handle the request; see the server's log");
    }

    private Future<TaskView> execute(Message<Object> message) {
        if (!(message.body() instanceof ExecuteTask request)) {
            return refuse(ErrorCode.INVALID_ARGUMENT, "not a request for a task");
        }
        if (Envelope.of(message).owner().orElse(request.userId()) != request.userId()) {
            return refuse(ErrorCode.FORBIDDEN, "the task would be another user's");
        }
        if (stopping || request.sessionId().isEmpty() && services.draining().getAsBoolean()) {
            return refuse(ErrorCode.NOT_READY, "this node is draining: it takes no new sessions");
        }
        return Optional.ofNullable(tasks.get(request.taskId()))
                .map(running -> services.confirmed().get().map(still -> running.view()))
                .orElseGet(() -> accept(request));
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }

    private Future<TaskView> accept(ExecuteTask request) {
        SessionClient sessions = new SessionClient(vertx)
                .at(services.machineId())
                .as(request.userId())
                .from(ActionSource.AI);
        TaskActor task = new TaskActor(vertx, services, request, sessions);
        Promise<Void> left = Promise.promise();
        AtomicBoolean placed = new AtomicBoolean();
        Future<Void> place = queue.run(request.userId(), () -> hasPlace(task, placed, left.future()), left.future());
        if (place.failed()) {
            return Future.failedFuture(place.cause());
        }
        tasks.put(request.taskId(), task);
        places.put(request.taskId(), left);
        TaskView first = task.view(placed.get() ? TaskStatus.STARTING : TaskStatus.PENDING, Optional.empty());
        Future<TaskView> recorded = services.history().started(request, first);
        task.recordedBy(recorded);
        return recorded.compose(kept -> kept.taskId().equals(first.taskId())
                        ? listen(task).map(listening -> begin(task, first))
                        : Future.succeededFuture(forget(task, kept)))
                .onFailure(e -> forget(task, first));
    }

    private static Future<Void> hasPlace(TaskActor task, AtomicBoolean placed, Future<Void> left) {
        if (!left.isComplete()) {
            placed.set(true);
            task.mayBegin();
        }
        return left;
    }

    private TaskView forget(TaskActor task, TaskView view) {
        TaskId id = task.request().taskId();
        tasks.remove(id);
        Optional.ofNullable(places.remove(id)).ifPresent(Promise::complete);
        return view;
    }

    private TaskView begin(TaskActor task, TaskView first) {
        Timer timeout = services.scheduler()
                .after(task.request().spec().limits().timeoutMillis(), () -> task.tell(new TimeUp()));
        task.whenOver().onComplete(over -> timeout.cancel());
        task.mayBegin();
        return first;
    }

    private Future<?> listen(TaskActor task) {
        TaskId id = task.request().taskId();
        MessageConsumer<Object> commands = vertx.eventBus()
                .localConsumer(Addresses.task(id), message -> answer(message, asked -> command(task, asked)));
        MessageConsumer<SessionEvent> events =
                new SessionClient(vertx).events(task.session().id(), event -> heard(task, event));
        task.whenOver().onComplete(over -> {
            commands.unregister();
            events.unregister();
            forget(task, task.view());
        });
        return Future.all(commands.completion(), events.completion());
    }

    private static void heard(TaskActor task, SessionEvent event) {
        if (event instanceof SessionEnded ended) {
            task.sessionEnded(ended.reason());
        } else if (event instanceof ActionPerformed performed
                && task.request()
                        .taskId()
                        .value()
                        .equals(performed.action().details().get(ActionEntry.TASK_ID))) {
            task.performed(performed.action().actionId());
        }
    }

    private Future<TaskView> command(TaskActor task, Message<Object> message) {
        if (Envelope.of(message).owner().orElse(task.request().userId())
                != task.request().userId()) {
            return refuse(ErrorCode.NOT_FOUND, "no running task has this id");
        }
        // A node that has stood still does not know yet whether another has told that the task failed with it.
        return services.confirmed().get().compose(still -> confirmed(task, message));
    }

    private static Future<TaskView> confirmed(TaskActor task, Message<Object> message) {
        if (message.body() instanceof DescribeTask) {
            return Future.succeededFuture(task.view());
        } else if (message.body() instanceof CancelTask) {
            return told(task, new CancelAsked("the task was cancelled by its user"));
        } else if (message.body() instanceof AnswerTask answer) {
            return task.isAsking()
                    ? told(task, new Answered(answer.text()))
                    : refuse(ErrorCode.CONFLICT, "the task is not asking a question");
        }
        return refuse(ErrorCode.INVALID_ARGUMENT, "not a command to a task");
    }

    private static Future<TaskView> told(TaskActor task, TaskInput input) {
        task.tell(input);
        return Future.succeededFuture(task.view());
    }

    /**
     * The services that the tasks of a node share.
     *
     * @param maxTasks how many run at a time
     * @param files the bytes of an artifact, by its key in the object store
     * @param draining whether the node takes no new sessions
     * @param confirmed completes when the node may tell that a task of its own runs
     */
    public record AgentServices(
            Scheduler scheduler,
            String machineId,
            Model model,
            int maxTasks,
            TaskHistory history,
            Function<String, Future<Buffer>> files,
            BooleanSupplier draining,
            Supplier<Future<Void>> confirmed,
            AiCounts counts) {}
}
