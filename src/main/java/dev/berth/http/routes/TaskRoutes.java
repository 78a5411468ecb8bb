package dev.berth.http.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.history.task.TaskListing;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskCommand.AnswerTask;
import dev.berth.protocol.TaskCommand.CancelTask;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Lists AI tasks, tells their state, cancels them and answers their questions. */
public final class TaskRoutes {
    private static final int DEFAULT_TASKS = 30;

    private final TaskAccess access;
    private final TaskListing listing;

    public TaskRoutes(TaskAccess access, TaskListing listing) {
        this.access = access;
        this.listing = listing;
    }

    /** An AI task as its user sees it. */
    public record TaskAnswer(
            TaskId taskId,
            SessionId sessionId,
            String instruction,
            TaskStatus status,
            Optional<JsonNode> output,
            Optional<String> question,
            Optional<String> error,
            int steps,
            Cost cost,
            Instant startedAt,
            Optional<Instant> completedAt) {
        static TaskAnswer of(TaskView task) {
            return new TaskAnswer(
                    task.taskId(),
                    task.sessionId(),
                    task.instruction(),
                    task.status(),
                    task.output().map(TaskAnswer::json),
                    task.question(),
                    task.error(),
                    task.steps(),
                    task.cost(),
                    task.startedAt(),
                    task.completedAt());
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
        return access.describe(ctx).map(One::of);
    }

    public Future<One> cancel(RoutingContext ctx) {
        return access.change(ctx, new CancelTask(), Future::succeededFuture).map(One::of);
    }

    public Future<One> answer(RoutingContext ctx) {
        AnswerTask answer = new AnswerTask(JsonBody.of(ctx).getString("text"));
        return access.change(
                        ctx,
                        answer,
                        ended -> Future.failedFuture(new BerthException(
                                ErrorCode.CONFLICT,
                                "the task asks nothing: it has ended as "
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
}
