package dev.berth.http.routes;

import dev.berth.access.LinkTokens;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.SessionRequest;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.InitialPrompt.AiTask;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitFirstPage;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.FirstPage;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code POST /api/sessions}. */
public final class CreateRoute {
    private static final long WAIT_MILLIS = 30_000;
    private static final long PAGE_MILLIS = 3_000;

    private final SessionClient client;
    private final SessionRequest requests;
    private final SessionLinks links;
    private final LinkTokens tokens;

    /** @param navigationError why the page that it was created for did not come, if that is known */
    private record Created(SessionAccepted accepted, Optional<String> navigationError) {}

    public CreateRoute(SessionClient client, SessionRequest requests, SessionLinks links, LinkTokens tokens) {
        this.client = client;
        this.requests = requests;
        this.links = links;
        this.tokens = tokens;
    }

    public Future<Buffer> create(RoutingContext ctx) {
        boolean wait = QueryParameters.of(ctx).text("wait").isPresent();
        return accept(ctx, command(ctx), wait).map(created -> {
            SessionId id = created.accepted().sessionId();
            ctx.response().putHeader("Location", "/api/sessions/" + id);
            return answer(ctx, created);
        });
    }

    /**
     * Makes a session that a request in another form asks for, and waits until it runs or is over, at most 30 s. Ends it where the client
     * leaves before.
     */
    public Future<SessionAccepted> running(RoutingContext ctx, CreateSession command) {
        return accept(ctx, command, true).map(Created::accepted);
    }

    private Future<Created> accept(RoutingContext ctx, CreateSession command, boolean wait) {
        OwnSession session = new OwnSession(ctx.vertx(), client, command.sessionId());
        Future<Created> accepted = session.make(() -> client.create(command)
                .compose(made ->
                        wait ? settled(command, made) : Future.succeededFuture(new Created(made, Optional.empty()))));
        // Without an idempotency key the client can't repeat the request, so it never learns the session's id.
        if (command.idempotency().isEmpty()) {
            ctx.response().closeHandler(left -> endUnlessAnswered(ctx, session));
            accepted.onSuccess(made -> endUnlessAnswered(ctx, session));
            accepted.onFailure(e -> session.end(EndReason.CLIENT_DISCONNECTED));
        }
        return accepted.onSuccess(
                made -> SessionRequest.logged(ctx, made.accepted().sessionId()));
    }

    /** Waits until the session runs or is over, and then until its first page has come or did not. */
    private Future<Created> settled(CreateSession command, SessionAccepted made) {
        return client.whenRunning(made.sessionId())
                // Over already, or before the session ran.
                .recover(e -> ErrorCode.SESSION_ENDED.isOf(e) || ErrorCode.SESSION_NOT_FOUND.isOf(e)
                        ? client.whenEnded(made.sessionId())
                        : Future.failedFuture(e))
                .timeout(WAIT_MILLIS, TimeUnit.MILLISECONDS)
                // A client that waits gets the answer of one that does not wait, with the present status.
                .map(now -> new SessionAccepted(
                        now.sessionId(), now.status(), now.machineId(), now.createdAt(), now.expiresAt()))
                .otherwise(made)
                .compose(now -> navigationError(command, now).map(error -> new Created(now, error)));
    }

    private Future<Optional<String>> navigationError(CreateSession command, SessionAccepted session) {
        if (session.status() != SessionStatus.RUNNING || command.initialPrompt().isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return client.ask(session.sessionId(), new AwaitFirstPage())
                .map(FirstPage::error)
                .timeout(PAGE_MILLIS, TimeUnit.MILLISECONDS)
                .otherwise(Optional.empty());
    }

    private static void endUnlessAnswered(RoutingContext ctx, OwnSession session) {
        if (ctx.response().closed() && !ctx.response().ended()) {
            session.end(EndReason.CLIENT_DISCONNECTED);
        }
    }

    private CreateSession command(RoutingContext ctx) {
        JsonObject body = JsonBody.of(ctx);
        return requests.read(
                ctx, Optional.ofNullable(body.getString("initialPrompt")), tokens.idempotency(ctx.request(), body));
    }

    private Buffer answer(RoutingContext ctx, Created created) {
        SessionAccepted accepted = created.accepted();
        SessionLinks.SocketUrls urls = links.urls(
                links.base(ctx.request()), Authentication.key(ctx).keyId(), accepted.sessionId(), accepted.expiresAt());
        JsonObject answer = new JsonObject(Answers.encode(accepted))
                .put("connectUrl", urls.connectUrl())
                .put("liveUrl", urls.liveUrl())
                .put("eventsUrl", links.eventsUrl(ctx, accepted));
        created.navigationError().ifPresent(why -> answer.put("navigationError", why));
        if (isForTask(ctx)) {
            answer.put("taskId", TaskId.of(accepted.sessionId()).value());
        }
        return answer.toBuffer();
    }

    private static boolean isForTask(RoutingContext ctx) {
        return Optional.ofNullable(JsonBody.of(ctx).getString("initialPrompt")).map(InitialPrompt::parse).stream()
                .anyMatch(AiTask.class::isInstance);
    }
}
