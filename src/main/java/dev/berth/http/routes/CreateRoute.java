package dev.berth.http.routes;

import dev.berth.history.KeyRepository;
import dev.berth.http.access.AbandonedSession;
import dev.berth.http.access.Authentication;
import dev.berth.http.access.SessionLinks;
import dev.berth.http.request.Answers;
import dev.berth.http.validation.Body;
import dev.berth.http.validation.OptionsReader;
import dev.berth.http.validation.QueryParameters;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code POST /api/sessions}. */
public final class CreateRoute {
    private static final long WAIT_MILLIS = 30_000;

    private final SessionClient client;
    private final OptionsReader options;
    private final SessionLinks links;

    public CreateRoute(SessionClient client, OptionsReader options, SessionLinks links) {
        this.client = client;
        this.options = options;
        this.links = links;
    }

    public void create(RoutingContext ctx) {
        Answers.call(this::accept, ctx)
                .onSuccess(accepted -> {
                    ctx.response().putHeader("Location", "/api/sessions/" + accepted.sessionId());
                    Answers.send(ctx, 201, answer(ctx, accepted));
                })
                .onFailure(ctx::fail);
    }

    private Future<SessionAccepted> accept(RoutingContext ctx) {
        CreateSession command = command(ctx);
        boolean wait = QueryParameters.of(ctx).text("wait").isPresent();
        Future<SessionAccepted> accepted = wait ? createAndWait(command) : client.create(command);
        // Without an idempotency key the client can't repeat the request, so it never learns the session's id.
        if (command.idempotency().isEmpty()) {
            AbandonedSession session = new AbandonedSession(ctx.vertx(), client, command.sessionId());
            ctx.response().closeHandler(left -> endUnlessAnswered(ctx, session));
            accepted.onSuccess(made -> endUnlessAnswered(ctx, session));
            accepted.onFailure(session::endIfCreatedLate);
        }
        return accepted;
    }

    private static void endUnlessAnswered(RoutingContext ctx, AbandonedSession session) {
        if (ctx.response().closed() && !ctx.response().ended()) {
            session.end();
        }
    }

    private CreateSession command(RoutingContext ctx) {
        JsonObject body = Body.of(ctx);
        return new CreateSession(
                SessionId.random(),
                Authentication.user(ctx),
                Optional.ofNullable(body.getString("initialPrompt")),
                options.read(body.getJsonObject("options", new JsonObject())),
                metadata(body.getJsonObject("metadata", new JsonObject())),
                idempotency(ctx, body));
    }

    private static Map<String, String> metadata(JsonObject labels) {
        return labels.stream().collect(Collectors.toMap(Map.Entry::getKey, label -> (String) label.getValue()));
    }

    private static Optional<CreateSession.Idempotency> idempotency(RoutingContext ctx, JsonObject body) {
        return Optional.ofNullable(ctx.request().getHeader("Idempotency-Key"))
                .map(key -> new CreateSession.Idempotency(
                        key, HexFormat.of().formatHex(KeyRepository.hash(body.encode()))));
    }

    /** Subscribes before it creates the session, so that the start is not missed. */
    private Future<SessionAccepted> createAndWait(CreateSession command) {
        Promise<SessionStatus> settled = Promise.promise();
        var events = client.events(command.sessionId(), event -> {
            if (event instanceof SessionEvent.SessionStarted) {
                settled.tryComplete(SessionStatus.RUNNING);
            } else if (event instanceof SessionEvent.SessionEnded ended) {
                settled.tryComplete(ended.status());
            }
        });
        return events.completion()
                .compose(listening -> client.create(command))
                .compose(accepted -> status(command, accepted, settled)
                        .map(status -> new SessionAccepted(
                                accepted.sessionId(),
                                status,
                                accepted.machineId(),
                                accepted.createdAt(),
                                accepted.expiresAt())))
                .eventually(events::unregister);
    }

    private Future<SessionStatus> status(
            CreateSession command, SessionAccepted accepted, Promise<SessionStatus> settled) {
        if (accepted.sessionId().equals(command.sessionId())) {
            return settled.future().timeout(WAIT_MILLIS, TimeUnit.MILLISECONDS).otherwise(accepted.status());
        }
        // An earlier request made this session: ask for its status now.
        return client.ask(accepted.sessionId(), new DescribeSession())
                .map(snapshot -> snapshot.status())
                .recover(e -> e instanceof BerthException known && known.code() == ErrorCode.SESSION_NOT_FOUND
                        ? Future.succeededFuture(accepted.status())
                        : Future.failedFuture(e));
    }

    private Buffer answer(RoutingContext ctx, SessionAccepted accepted) {
        return new JsonObject(Answers.encode(accepted))
                .put("connectUrl", links.connectUrl(ctx, accepted))
                .put("liveUrl", links.liveUrl(ctx, accepted))
                .toBuffer();
    }
}
