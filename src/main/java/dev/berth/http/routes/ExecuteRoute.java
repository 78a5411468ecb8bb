package dev.berth.http.routes;

import dev.berth.access.LinkTokens;
import dev.berth.history.task.TaskRepository;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.SessionAccess;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskSpec;
import dev.berth.protocol.TaskSpec.TaskLimits;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/agent/execute}. */
public final class ExecuteRoute {
    private static final Logger log = LoggerFactory.getLogger(ExecuteRoute.class);

    /** Options of the session that is made for a task. */
    private static final List<String> OPTIONS = List.of("profile", "recording");

    private static final List<String> OF_NEW_SESSIONS = List.of("profile", "recording", "name", "metadata");

    private final AgentClient agents;
    private final SessionAccess sessions;
    private final TaskRepository tasks;
    private final OptionsReader options;
    private final double maxCostUsd;
    private final LinkTokens tokens;

    /** @param maxCostUsd of a task that does not say */
    public ExecuteRoute(
            AgentClient agents,
            SessionAccess sessions,
            TaskRepository tasks,
            OptionsReader options,
            double maxCostUsd,
            LinkTokens tokens) {
        this.agents = agents;
        this.sessions = sessions;
        this.tasks = tasks;
        this.options = options;
        this.maxCostUsd = maxCostUsd;
        this.tokens = tokens;
    }

    /** The response. */
    public record Accepted(boolean success, Started data, String message) {}

    /** A task that was accepted. */
    public record Started(TaskId taskId, SessionId sessionId, TaskStatus status, String backend) {}

    public Future<Accepted> execute(RoutingContext ctx) {
        return accept(ctx).map(task -> {
            ctx.response().putHeader("Location", "/api/agent/" + task.taskId() + "/status");
            return answer(task);
        });
    }

    private static Accepted answer(TaskView task) {
        return new Accepted(
                true,
                new Started(task.taskId(), task.sessionId(), task.status(), "berth"),
                "Follow it at /api/agent/" + task.taskId() + "/events");
    }

    private Future<TaskView> accept(RoutingContext ctx) {
        ExecuteTask command = command(ctx);
        // The session of a repeated request may have ended with its task.
        return tasks.findRepeated(command)
                .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> start(ctx, command)));
    }

    private Future<TaskView> start(RoutingContext ctx, ExecuteTask command) {
        AgentClient agent = agents.as(command.userId());
        return command.sessionId()
                .map(id -> sessions.describe(command.userId(), id).compose(ExecuteRoute::running))
                .orElseGet(Future::succeededFuture)
                .compose(ready -> agent.execute(command))
                .onSuccess(task -> {
                    // A client that left without an idempotency key never learns the task's id.
                    if (ctx.response().closed() && command.idempotency().isEmpty()) {
                        agent.cancel(task.taskId())
                                .onFailure(e -> log.warn(
                                        "{} could not be cancelled after its client was gone: {}",
                                        task.taskId(),
                                        e.getMessage()));
                    }
                });
    }

    private static Future<Void> running(SessionDescription session) {
        if (session.status().terminal()) {
            return Future.failedFuture(session.absence());
        }
        return session.status() == SessionStatus.RUNNING
                ? Future.succeededFuture()
                : Future.failedFuture(
                        new BerthException(ErrorCode.SESSION_NOT_RUNNING, "the session is not running yet"));
    }

    private ExecuteTask command(RoutingContext ctx) {
        JsonObject body = JsonBody.of(ctx);
        OF_NEW_SESSIONS.stream()
                .filter(field -> body.containsKey(field) && body.containsKey("sessionId"))
                .findFirst()
                .ifPresent(field -> {
                    throw BerthException.invalid(
                            field + ": can't be given with sessionId: that session has already begun");
                });
        JsonObject given = new JsonObject();
        OPTIONS.stream().filter(body::containsKey).forEach(option -> given.put(option, body.getValue(option)));
        return new ExecuteTask(
                TaskId.random(),
                Authentication.user(ctx),
                spec(body),
                Optional.ofNullable(body.getString("sessionId")).map(SessionAccess::id),
                options.read(given),
                tokens.idempotency(ctx.request(), body),
                Optional.of(Authentication.key(ctx).keyId()),
                Optional.ofNullable(body.getString("name")),
                JsonBody.texts(body.getJsonObject("metadata", new JsonObject())));
    }

    /** The API names limits as the clients of earlier versions do, beside the instruction; the contract has checked the types. */
    private TaskSpec spec(JsonObject body) {
        return new TaskSpec(
                body.getString("instruction"),
                Optional.ofNullable(body.getString("startUrl")),
                new TaskLimits(
                        body.getInteger("maxSteps", TaskLimits.DEFAULT_STEPS),
                        body.getDouble("maxCostUsd", maxCostUsd),
                        body.getLong("timeoutMs", TaskLimits.DEFAULT_TIMEOUT_MILLIS)),
                Optional.ofNullable(body.getJsonObject("schema")).map(JsonObject::encode),
                JsonBody.texts(body.getJsonObject("variables", new JsonObject())),
                domains(body.getJsonArray("allowedDomains", new JsonArray())),
                body.getBoolean("keepAlive", false),
                body.getBoolean("reuse", false));
    }

    private static List<String> domains(JsonArray given) {
        return given.stream().map(String.class::cast).toList();
    }
}
