package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.history.task.TaskListing;
import dev.berth.history.task.TaskRepository;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask.TaskCommand;
import dev.berth.protocol.ExecuteTask.TaskCommand.AnswerTask;
import dev.berth.protocol.ExecuteTask.TaskCommand.CancelTask;
import dev.berth.protocol.ExecuteTask.TaskCommand.DescribeTask;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lists AI tasks, tells their state, cancels them and answers their questions: asks running ones over the bus, finds ended ones in the
 * history.
 */
public final class TaskRoutes {
    private static final int DEFAULT_TASKS = 30;

    private final AgentClient agents;
    private final TaskRepository stored;
    private final TaskListing listing;

    public TaskRoutes(AgentClient agents, TaskRepository stored, TaskListing listing) {
        this.agents = agents;
        this.stored = stored;
        this.listing = listing;
    }

    /**
     * An AI task as its user sees it.
     *
     * @param output JSON, where the task's is text
     */
    public record TaskAnswer(
            @JsonUnwrapped @JsonIgnoreProperties({"userId", "output"})
            TaskView task,

            Optional<JsonNode> output) {
        static TaskAnswer of(TaskView task) {
            return new TaskAnswer(task, task.output().map(TaskAnswer::json));
        }

        /** Text of another node that is no JSON is shown as it is. */
        private static JsonNode json(String output) {
            try {
                return ProtocolJson.MAPPER.readTree(output);
            } catch (JsonProcessingException e) {
                return TextNode.valueOf(output);
            }
        }
    }

    /** The answer about one task. */
    public record One(boolean success, TaskAnswer data) {
        static One of(TaskView task) {
            return new One(true, TaskAnswer.of(task));
        }
    }

    public Future<One> status(RoutingContext ctx) {
        return describe(ctx).map(One::of);
    }

    public Future<One> cancel(RoutingContext ctx) {
        return change(ctx, new CancelTask(), Future::succeededFuture).map(One::of);
    }

    public Future<One> answer(RoutingContext ctx) {
        AnswerTask answer = new AnswerTask(JsonBody.of(ctx).getString("text"));
        return change(
                        ctx,
                        answer,
                        ended -> Future.failedFuture(new BerthException(
                                ErrorCode.CONFLICT,
                                "the task has no question: it has ended as "
                                        + ended.status().wireName())))
                .map(One::of);
    }

    /** A part of the list. */
    public record Tasks(List<TaskAnswer> tasks, long total, boolean hasMore) {}

    public Future<Tasks> list(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return listing.list(new TaskListing.Query(
                        Authentication.user(ctx),
                        query.text("status").flatMap(TaskStatus::parse),
                        query.limit(DEFAULT_TASKS),
                        query.offset()))
                .map(page ->
                        new Tasks(page.tasks().stream().map(TaskAnswer::of).toList(), page.total(), page.hasMore()));
    }

    /** The task that the path names. Something that is no id gets the same error as an unknown task. */
    private static TaskId id(RoutingContext ctx) {
        return TaskId.parse(ctx.pathParam("taskId")).orElseThrow(TaskRoutes::notFound);
    }

    private static BerthException notFound() {
        return new BerthException(
                ErrorCode.NOT_FOUND, "you have no task with this id", "GET /api/agent lists your tasks");
    }

    /** The task, if it belongs to the user. */
    private Future<TaskView> describe(RoutingContext ctx) {
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
        return stored.find(id(ctx), Authentication.user(ctx)).map(found -> found.orElseThrow(TaskRoutes::notFound));
    }

    /**
     * Sends a running task a command that changes it. The task's owner is checked before the task hears of the command.
     *
     * @param ended the answer where the task has ended
     */
    private Future<TaskView> change(
            RoutingContext ctx, TaskCommand command, Function<TaskView, Future<TaskView>> ended) {
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
                                                "the task's node is not responding; try again later")));
    }
}
