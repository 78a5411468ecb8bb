package dev.berth.protocol;

import dev.berth.protocol.ExecuteTask.TaskCommand;
import dev.berth.protocol.ExecuteTask.TaskCommand.AnswerTask;
import dev.berth.protocol.ExecuteTask.TaskCommand.CancelTask;
import dev.berth.protocol.ExecuteTask.TaskCommand.DescribeTask;
import dev.berth.protocol.TaskView.TaskEvent;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Optional;

/** Runs AI tasks from any verticle of the JVM or cluster. Futures fail with {@link BerthException}. */
public final class AgentClient {
    private static final long EXECUTE_DEADLINE_MILLIS = 20_000;
    static final long TASK_DEADLINE_MILLIS = 10_000;

    private static final BerthException NO_MODEL =
            new BerthException(ErrorCode.AI_NOT_CONFIGURED, "no model is configured for AI tasks");
    private static final BerthException NO_TASK =
            new BerthException(ErrorCode.NOT_FOUND, "no running task has this id");

    private final Vertx vertx;
    private final Envelope envelope;
    private final boolean here;

    /** A client that may talk to every task. */
    public AgentClient(Vertx vertx) {
        this(vertx, Envelope.EMPTY, false);
    }

    private AgentClient(Vertx vertx, Envelope envelope, boolean here) {
        this.vertx = vertx;
        this.envelope = envelope;
        this.here = here;
    }

    /** A client that subscribes only to events of tasks in this JVM: see {@link SessionClient#here}. */
    public AgentClient here() {
        return new AgentClient(vertx, envelope, true);
    }

    /** A client to which tasks of other users do not exist. */
    public AgentClient as(long userId) {
        return new AgentClient(vertx, envelope.with(userId), here);
    }

    /** Starts a task. Fails with {@link ErrorCode#AI_NOT_CONFIGURED} where no node has a model. */
    public Future<TaskView> execute(ExecuteTask command) {
        return requests().nearest(Addresses.EXECUTE, command, EXECUTE_DEADLINE_MILLIS, NO_MODEL);
    }

    private Requests requests() {
        return new Requests(vertx, envelope);
    }

    /** Reads the state of a task that runs; fails with {@link ErrorCode#NOT_FOUND} where none of this id does. */
    public Future<TaskView> describe(TaskId id) {
        return ask(id, new DescribeTask());
    }

    /** Cancels a task that runs. */
    public Future<TaskView> cancel(TaskId id) {
        return ask(id, new CancelTask());
    }

    /** Answers the question of a task that waits. */
    public Future<TaskView> answer(TaskId id, String text) {
        return ask(id, new AnswerTask(text));
    }

    public Future<TaskView> ask(TaskId id, TaskCommand command) {
        return requests().toHolder(Optional.empty(), Addresses.task(id), command, TASK_DEADLINE_MILLIS, NO_TASK);
    }

    /** Subscribes to the events of one task, on whichever node it runs. Await {@code completion()} before relying on it. */
    public MessageConsumer<TaskEvent> events(TaskId id, Handler<TaskEvent> handler) {
        return events(Addresses.taskEvents(id), handler);
    }

    /** The same for all tasks that work, or are to work, in one session. */
    public MessageConsumer<TaskEvent> events(SessionId id, Handler<TaskEvent> handler) {
        return events(Addresses.taskEvents(id), handler);
    }

    private MessageConsumer<TaskEvent> events(String address, Handler<TaskEvent> handler) {
        Handler<Message<TaskEvent>> listener = message -> handler.handle(message.body());
        return here
                ? vertx.eventBus().localConsumer(address, listener)
                : vertx.eventBus().consumer(address, listener);
    }
}
