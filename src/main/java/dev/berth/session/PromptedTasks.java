package dev.berth.session;

import dev.berth.protocol.AgentClient;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.InitialPrompt.AiTask;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskSpec;
import dev.berth.protocol.TaskSpec.TaskLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AI tasks that sessions are created for. */
final class PromptedTasks {
    private static final Logger log = LoggerFactory.getLogger(PromptedTasks.class);

    private final Vertx vertx;
    private final Optional<TaskLimits> limits;

    /** @param limits of each; empty where no model is configured */
    PromptedTasks(Vertx vertx, Optional<TaskLimits> limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /** The task that the session is for; throws {@link BerthException} where it can't be done. */
    Optional<ExecuteTask> of(CreateSession request) {
        return request.initialPrompt()
                .map(InitialPrompt::parse)
                .filter(AiTask.class::isInstance)
                .map(task -> new ExecuteTask(
                                TaskId.of(request.sessionId()),
                                request.userId(),
                                spec(((AiTask) task).instruction()),
                                Optional.of(request.sessionId()),
                                request.options())
                        .with(request.keyId()));
    }

    private TaskSpec spec(String instruction) {
        TaskLimits within = limits.orElseThrow(() -> new BerthException(
                ErrorCode.AI_NOT_CONFIGURED,
                "initialPrompt is not a URL, so it is an AI task, and no model is configured"));
        try {
            return new TaskSpec(
                    instruction, Optional.empty(), within, Optional.empty(), Map.of(), List.of(), false, false);
        } catch (BerthException e) {
            throw new BerthException(e.code(), "initialPrompt: " + e.getMessage(), e);
        }
    }

    /** Starts it in its session, which ends where that fails. */
    Future<?> start(ExecuteTask task) {
        return new AgentClient(vertx)
                .as(task.userId())
                .execute(task)
                .recover(e -> end(task).transform(ended -> Future.failedFuture(e)));
    }

    private Future<?> end(ExecuteTask task) {
        return new SessionClient(vertx)
                .ask(task.sessionId().orElseThrow(), new EndSession(EndReason.TASK_FAILED))
                .onFailure(e -> log.warn("the session of {} could not be ended: {}", task.taskId(), e.getMessage()));
    }
}
