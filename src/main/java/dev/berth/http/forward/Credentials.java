package dev.berth.http.forward;

import dev.berth.access.LinkTokens;
import dev.berth.access.ShareTokens;
import dev.berth.http.request.DriverTokens;
import dev.berth.http.request.KeyInUrl;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Tells whether a request brings a key or a token that is good for something, before Postgres is asked where its subject is. The node that
 * answers the request says what the key or token is good for.
 *
 * @param isKey whether a text is an API key
 */
public record Credentials(Function<String, Future<Boolean>> isKey, LinkTokens tokens) {
    Future<Boolean> areGood(HttpServerRequest request, Subject about) {
        String token = request.getParam("token");
        if (about instanceof Subject.OfArtifact artifact) {
            return Future.succeededFuture(token != null && isForArtifact(artifact.objectId(), token));
        } else if (about instanceof Subject.OfSession session && token != null && isFor(session.id(), token)) {
            return Future.succeededFuture(true);
        }
        if (Subject.driverId(request.path())
                .flatMap(id -> DriverTokens.keyId(id, tokens).stream().boxed().findFirst())
                .isPresent()) {
            return Future.succeededFuture(true);
        }
        String key = token == null ? KeyInUrl.header(request) : token;
        return key.isEmpty() ? Future.succeededFuture(false) : isKey.apply(key);
    }

    private boolean isForArtifact(String objectId, String token) {
        return ShareTokens.isOne(token)
                ? new ShareTokens(tokens).verify(objectId, token, Instant.now()).isPresent()
                : isFor(SessionLinks.purpose(objectId), token);
    }

    private boolean isFor(SessionId id, String token) {
        return ShareTokens.isOne(token)
                ? new ShareTokens(tokens).verify(id, token, Instant.now()).isPresent()
                : Stream.of(
                                SessionLinks.purpose(id),
                                SessionLinks.livePurpose(id),
                                SessionLinks.eventsPurpose(id),
                                SessionLinks.connectPurpose(id))
                        .anyMatch(purpose -> isFor(purpose, token));
    }

    private boolean isFor(String purpose, String token) {
        return tokens.verify(purpose, token, Instant.now()).isPresent();
    }
}
