package dev.berth.http.sockets;

import dev.berth.http.request.Answers;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.Problem;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.sockets.SocketDoor.Admission;
import dev.berth.live.Viewers;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.verbs.ArtifactLinks;
import dev.berth.verbs.ArtifactView;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The WebSocket {@code /api/sessions/:id/live}. A plain {@code GET} tells whether it would be opened: scripts of a page don't
 * learn why a WebSocket was refused. Takes these requests before the router. On one event loop.
 */
public final class LiveSockets {
    private static final Pattern LIVE = Pattern.compile("/api/sessions/([^/]+)/live/?");

    private final SocketDoor door;
    private final SocketAccess sockets;
    private final LiveAccess access;
    private final Viewers viewers;
    private final SessionLinks links;
    private final LinkAccess shared;

    /** @param shared the links that were made for others */
    public LiveSockets(
            SocketDoor door,
            SocketAccess sockets,
            LiveAccess access,
            Viewers viewers,
            SessionLinks links,
            LinkAccess shared) {
        this.door = door;
        this.sockets = sockets;
        this.access = access;
        this.viewers = viewers;
        this.links = links;
        this.shared = shared;
    }

    /** Handles the request if it is for this path. Gives whether it was. */
    public boolean take(HttpServerRequest request) {
        Matcher live = LIVE.matcher(request.path());
        if (request.method() != HttpMethod.GET || !live.matches()) {
            return false;
        }
        if (Upgrade.isAskedFor(request)) {
            door.open(request, () -> admit(request, live.group(1)));
        } else {
            tell(request, live.group(1));
        }
        return true;
    }

    /** Closes all sockets, since the server stops. */
    public Future<?> stop() {
        return door.stop();
    }

    private Future<Admission> admit(HttpServerRequest request, String path) {
        return access.enter(request, path)
                .map(entrance -> new Admission(
                        entrance.to().keyId(),
                        entrance.to().id(),
                        entrance.link().isPresent() ? SocketPlaces.Kind.GUEST : SocketPlaces.Kind.VIEWER,
                        new LiveUse(
                                viewers.viewer(
                                        entrance.to().sessions(),
                                        entrance.to().id(),
                                        entrance.to().keyId(),
                                        entrance.rights(),
                                        describing(request, entrance)),
                                entrance,
                                shared)));
    }

    /** Only the owner gets links to files. */
    private Function<ArtifactEntry, JsonObject> describing(HttpServerRequest request, LiveAccess.Entrance entrance) {
        ArtifactLinks files = artifact -> links.to(request, entrance.to().keyId(), artifact)
                .filter(link -> entrance.rights().owner())
                .map(link -> new ArtifactLinks.Link(link.url(), link.expiresAt()));
        return artifact -> new JsonObject(Answers.encode(ArtifactView.of(artifact, files)));
    }

    private void tell(HttpServerRequest request, String path) {
        request.resume();
        Future.succeededFuture()
                .compose(now -> access.enter(request, path))
                .compose(entrance -> describe(entrance)
                        .map(session -> new JsonObject()
                                .put("sessionId", session.sessionId().value())
                                .put("status", session.status().wireName())
                                .put("interactive", entrance.rights().interactive())
                                .put("owner", entrance.rights().owner())))
                .onSuccess(told -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Cache-Control", "no-store")
                        .end(told.toBuffer()))
                .onFailure(e -> sockets.explain(e, request, SessionId.parse(path))
                        .onSuccess(problem -> Problem.refuse(request, problem)));
    }

    private static Future<SessionDescription> describe(LiveAccess.Entrance entrance) {
        return entrance.to()
                .sessions()
                .ask(entrance.to().id(), new DescribeSession())
                // A session answers for a moment after its end.
                .compose(session -> session.endReason().isPresent()
                        ? Future.failedFuture(session.absence())
                        : Future.succeededFuture(session));
    }
}
