package dev.berth.http.request;

import dev.berth.protocol.CreateSession;
import dev.berth.protocol.CreateSession.Idempotency;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.Traceparent;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the new session of a request: {@code options}, {@code metadata} and {@code name} of its body, for the owner of its key. */
public final class SessionRequest {
    /** The header of a response that names the session which the request made for itself. */
    public static final String HEADER = "Berth-Session";

    private static final Logger log = LoggerFactory.getLogger(SessionRequest.class);

    private final OptionsReader options;

    public SessionRequest(OptionsReader options) {
        this.options = options;
    }

    /** The contract has checked the types. */
    public CreateSession read(RoutingContext ctx, Optional<String> initialPrompt, Optional<Idempotency> idempotency) {
        return read(ctx, JsonBody.of(ctx), initialPrompt, idempotency);
    }

    /** @param body of the contract's types, which a body in another form means */
    public CreateSession read(
            RoutingContext ctx, JsonObject body, Optional<String> initialPrompt, Optional<Idempotency> idempotency) {
        return new CreateSession(
                SessionId.random(),
                Authentication.user(ctx),
                initialPrompt,
                options.read(body.getJsonObject("options", new JsonObject())),
                JsonBody.texts(body.getJsonObject("metadata", new JsonObject())),
                idempotency,
                Optional.ofNullable(ctx.request().getHeader(Traceparent.HEADER)).flatMap(Traceparent::parse),
                Optional.of(Authentication.key(ctx).keyId()),
                Optional.ofNullable(body.getString("name")));
    }

    /** Joins the request with the session: later lines of the log have the session's id alone. */
    public static void logged(RoutingContext ctx, SessionId id) {
        Authentication.named(log.atInfo().addKeyValue(RequestIds.LOGGED, RequestIds.of(ctx)), Authentication.key(ctx))
                .log("{} was created", id);
    }
}
