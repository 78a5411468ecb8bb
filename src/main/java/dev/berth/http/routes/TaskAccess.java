package dev.berth.http.routes;

import dev.berth.history.task.TaskRepository;
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
import java.util.function.Function;

/** Reaches a user's AI tasks: running ones over the bus, ended ones in the history. */
public final class TaskAccess {
    private final AgentClient agents;
    private final TaskRepository stored;

    public TaskAccess(AgentClient agents, TaskRepository stored) {
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
        long user = Authentication.user(ctx);
        return agents.as(user).ask(id(ctx), new DescribeTask()).transform(asked -> {
            if (asked.succeeded()) {
                return asked.result().userId() == user
                        ? Future.succeededFuture(asked.result())
                        : Future.failedFuture(notFound());
            }
            return ErrorCode.NOT_FOUND.isOf(asked.cause()) ? find(ctx) : Future.failedFuture(asked.cause());
        });
    }

    private Future<TaskView> find(RoutingContext ctx) {
        return stored.find(id(ctx), Authentication.user(ctx)).map(found -> found.orElseThrow(TaskAccess::notFound));
    }

    /**
     * Sends a running task a command that changes it. Whose it is, is known before the task hears of it.
     *
     * @param ended the answer where the task has ended
     */
    Future<TaskView> change(RoutingContext ctx, TaskCommand command, Function<TaskView, Future<TaskView>> ended) {
        return describe(ctx)
                .compose(task -> task.status().ended()
                        ? ended.apply(task)
                        : agents.as(task.userId())
                                .ask(task.taskId(), command)
                                .recover(e -> ErrorCode.NOT_FOUND.isOf(e)
                                        ? overMeanwhile(ctx, ended)
                                        : Future.failedFuture(e)));
    }

    private Future<TaskView> overMeanwhile(RoutingContext ctx, Function<TaskView, Future<TaskView>> ended) {
        return find(ctx)
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
