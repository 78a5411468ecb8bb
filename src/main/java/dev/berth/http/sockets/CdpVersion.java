package dev.berth.http.sockets;

import dev.berth.http.request.Answers;
import dev.berth.http.request.Problem;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.sockets.SocketAccess.Entrance;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers {@code …/json/version} as Chrome does, for clients that are given an {@code http} URL and ask it for the socket's.
 */
public final class CdpVersion {
    private static final Pattern SESSIONS = Pattern.compile("/api/sessions/([^/]+)/cdp/json/version/?");
    private static final Pattern CONNECTS = Pattern.compile("/connect/json/version/?");

    private final SocketAccess access;
    private final SessionLinks links;

    public CdpVersion(SocketAccess access, SessionLinks links) {
        this.access = access;
        this.links = links;
    }

    /** Handles the request if it is for this path. Gives whether it was. */
    boolean take(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET) {
            return false;
        }
        Matcher session = SESSIONS.matcher(request.path());
        if (session.matches()) {
            answer(request, sessions(request, session.group(1)), SessionId.parse(session.group(1)));
            return true;
        }
        if (CONNECTS.matcher(request.path()).matches()) {
            answer(request, connects(request), Optional.empty());
            return true;
        }
        return false;
    }

    private Future<String> sessions(HttpServerRequest request, String path) {
        return access.enterForCdp(request, path).compose(entrance -> url(request, entrance));
    }

    private Future<String> url(HttpServerRequest request, Entrance entrance) {
        return entrance.describe()
                .map(session -> Optional.ofNullable(request.getParam("token"))
                        .map(token -> links.cdpUrl(request, entrance.id(), token))
                        .orElseGet(() -> links.cdpUrl(request, entrance.id(), entrance.keyId(), session.expiresAt())));
    }

    /** Gives the URL only: connecting to it creates the session. */
    private Future<String> connects(HttpServerRequest request) {
        return access.creator(request).map(key -> links.connectUrl(request));
    }

    private void answer(HttpServerRequest request, Future<String> url, Optional<SessionId> id) {
        request.resume();
        url.onSuccess(found -> Answers.send(
                        request.response(),
                        200,
                        new JsonObject()
                                .put("Protocol-Version", "1.3")
                                .put("webSocketDebuggerUrl", found)
                                .toBuffer()))
                .onFailure(e -> access.explain(e, request, id).onSuccess(problem -> Problem.refuse(request, problem)));
    }
}
