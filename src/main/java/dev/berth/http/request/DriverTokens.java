package dev.berth.http.request;

import dev.berth.access.ApiKey;
import dev.berth.access.LinkTokens;
import dev.berth.protocol.SessionId;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Requires that the id of a WebDriver session in the path has a token that is good for the session, or else an API key. */
public record DriverTokens(Authentication authentication, LinkTokens tokens) implements SecurityPolicyHandler {
    /** The parameter of the path. */
    public static final String PARAMETER = "driverId";

    /** The session that an id of {@link SessionLinks#driverId} names, or one without a token. */
    public static Optional<SessionId> session(String driverId) {
        int dot = driverId.indexOf('.');
        return SessionId.parse(dot < 0 ? driverId : driverId.substring(0, dot));
    }

    @Override
    public void handle(RoutingContext ctx) {
        OptionalLong keyId = keyId(ctx.pathParam(PARAMETER), tokens);
        if (keyId.isEmpty()) {
            authentication.handle(ctx);
        } else {
            authentication.admit(
                    ctx,
                    authentication.holder(keyId).map(found -> found.filter(ApiKey::acts)),
                    "the key of this session was revoked, or has expired");
        }
    }

    /** The key that the token of an id was issued for; empty where the id has no good token. */
    public static OptionalLong keyId(String driverId, LinkTokens tokens) {
        int dot = driverId.indexOf('.');
        return dot < 0
                ? OptionalLong.empty()
                : session(driverId)
                        .map(id -> tokens.verify(SessionLinks.purpose(id), driverId.substring(dot + 1), Instant.now()))
                        .orElseGet(OptionalLong::empty);
    }
}
