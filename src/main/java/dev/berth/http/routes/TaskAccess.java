package dev.berth.http.routes;

import dev.berth.http.request.Authentication;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.TaskCommand;
import dev.berth.protocol.TaskCommand.DescribeTask;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;

/** Reaches a user's AI tasks: running ones over the bus, ended ones in the history. */
public final class TaskAccess {
    private final AgentClient agents;
    private final Stored stored;

    /** The tasks as the history has them. */
    public interface Stored {
        Future<Optional<TaskView>> find(TaskId id, long userId);
    }

    public TaskAccess(AgentClient agents, Stored stored) {
        this.agents = agents;
        this.stored = stored;
    }

    /** The task that the path names. Something that is no id gets the same error as an unknown task. */
    static TaskId id(RoutingContext ctx) {
        return TaskId.parse(ctx.pathParam("taskId")).orElseThrow(TaskAccess::notFound);
    }

    private static BerthException notFound() {
        return new BerthException(
                ErrorCode.NOT_FOUND, "you have no task with this id", "GET /api/agent lists your tasks");
    }

    /** The task, if it belongs to the user. */
    Future<TaskView> describe(RoutingContext ctx) {
        return describe(Authentication.user(ctx), id(ctx));
    }

    Future<TaskView> describe(long user, TaskId id) {
        return agents.as(user).ask(id, new DescribeTask()).transform(asked -> {
            if (asked.succeeded()) {
                return asked.result().userId() == user
                        ? Future.succeededFuture(asked.result())
                        : Future.failedFuture(notFound());
            }
            return ErrorCode.NOT_FOUND.isOf(asked.cause()) ? find(user, id) : Future.failedFuture(asked.cause());
        });
    }

    private Future<TaskView> find(long user, TaskId id) {
        return stored.find(id, user).map(found -> found.orElseThrow(TaskAccess::notFound));
    }

    /**
     * Sends a running task a command that changes it.
     *
     * @param ended the answer where the task has ended
     */
    Future<TaskView> change(
            RoutingContext ctx, TaskCommand<TaskView> command, Function<TaskView, Future<TaskView>> ended) {
        return change(Authentication.user(ctx), id(ctx), command, ended);
    }

    /** Whose it is, is known before the task hears of it. */
    Future<TaskView> change(
            long user, TaskId id, TaskCommand<TaskView> command, Function<TaskView, Future<TaskView>> ended) {
        return describe(user, id)
                .compose(task -> task.status().ended()
                        ? ended.apply(task)
                        : agents.as(user)
                                .ask(id, command)
                                .recover(e -> ErrorCode.NOT_FOUND.isOf(e)
                                        ? overMeanwhile(user, id, ended)
                                        : Future.failedFuture(e)));
    }

    private Future<TaskView> overMeanwhile(long user, TaskId id, Function<TaskView, Future<TaskView>> ended) {
        return find(user, id)
                .compose(task -> task.status().ended()
                        ? ended.apply(task)
                        : Future.failedFuture(
                                task.status() == TaskStatus.PENDING
                                        ? new BerthException(
                                                ErrorCode.SESSION_NOT_RUNNING,
                                                "the task begins when its session gets a place",
                                                "DELETE /api/sessions/" + task.sessionId() + " ends both")
                                        : new BerthException(
                                                ErrorCode.NOT_READY,
                                                "the task's node does not answer for it; try again later")));
    }
}
