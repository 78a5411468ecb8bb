package dev.berth.http.sockets;

import dev.berth.access.ShareLink;
import dev.berth.access.ShareTokens;
import dev.berth.http.request.Answers;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.Problem;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.sockets.SocketDoor.Admission;
import dev.berth.live.Rights;
import dev.berth.live.Viewer;
import dev.berth.live.Viewers;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.SocketUse;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
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
    private final SocketAccess access;
    private final SessionClient sessions;
    private final ContractParameters parameters;
    private final Viewers viewers;
    private final SessionLinks links;
    private final LinkAccess shared;

    /**
     * @param sessions a client of the bus whose commands are those of viewers
     * @param shared the links that were made for others
     */
    public LiveSockets(
            SocketDoor door,
            SocketAccess access,
            SessionClient sessions,
            ContractParameters parameters,
            Viewers viewers,
            SessionLinks links,
            LinkAccess shared) {
        this.door = door;
        this.access = access;
        this.sessions = sessions;
        this.parameters = parameters;
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
        if (Opening.isAskedFor(request)) {
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
        return enter(request, path)
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
                                entrance.link())));
    }

    /**
     * A viewer that was let in: by the token of the session's {@code liveUrl}, by a link that was made for others, or by an API key.
     *
     * @param interactive whether it may act, or only watch
     * @param link by which it came; empty where it came otherwise
     */
    private record LiveEntrance(SocketAccess.Entrance to, boolean interactive, Optional<ShareLink> link) {
        Rights rights() {
            return new Rights(interactive, link.isEmpty());
        }
    }

    /** @param path the path segment that should be a session id */
    private Future<LiveEntrance> enter(HttpServerRequest request, String path) {
        QueryParameters query = parameters.read(request);
        boolean interactive = query.choice("interactive").orElse(true);
        return query.text("token")
                .filter(ShareTokens::isOne)
                .map(token -> shared.enter(SessionId.parse(path), token).map(found -> of(found.link(), interactive)))
                .orElseGet(() -> access.enter(request, path, SessionLinks::livePurpose)
                        .map(entrance -> new LiveEntrance(entrance, interactive && entrance.acts(), Optional.empty())));
    }

    private LiveEntrance of(ShareLink link, boolean asked) {
        return new LiveEntrance(
                new SocketAccess.Entrance(sessions, link.sessionId(), link.keyId(), link.interactive()),
                asked && link.interactive(),
                Optional.of(link));
    }

    /** A viewer of a session. A viewer with a link leaves when the link is revoked or expires. */
    private final class LiveUse implements SocketUse {
        private final Viewer viewer;
        private final Optional<ShareLink> link;

        LiveUse(Viewer viewer, Optional<ShareLink> link) {
            this.viewer = viewer;
            this.link = link;
        }

        @Override
        public Future<?> open() {
            return viewer.open();
        }

        @Override
        public Future<?> start(NetSocket socket) {
            Future<Void> over = viewer.start(socket);
            link.ifPresent(by -> {
                Runnable ended = shared.hold(by, why -> viewer.stop(new CloseReason(CloseReason.FORBIDDEN, why)));
                over.onComplete(done -> ended.run());
            });
            return over;
        }

        @Override
        public Future<?> stop(CloseReason reason) {
            return viewer.stop(reason);
        }

        @Override
        public void abandon() {
            viewer.abandon();
        }
    }

    /** Only the owner gets links to files. */
    private Function<ArtifactEntry, JsonObject> describing(HttpServerRequest request, LiveEntrance entrance) {
        Links files = artifact -> links.to(request, entrance.to().keyId(), artifact)
                .filter(link -> entrance.rights().owner());
        return artifact -> ShownJson.write(artifact, files).toJsonObject();
    }

    private JsonObject told(HttpServerRequest request, LiveEntrance entrance, SessionDescription session) {
        Rights rights = entrance.rights();
        JsonObject told = new JsonObject()
                .put("sessionId", session.sessionId().value())
                .put("status", session.status().wireName())
                .put("interactive", rights.interactive())
                .put("owner", rights.owner());
        return rights.leads()
                ? told.put(
                        "connectUrl",
                        links.cdpUrl(request, session.sessionId(), entrance.to().keyId(), session.expiresAt()))
                : told;
    }

    private void tell(HttpServerRequest request, String path) {
        request.resume();
        Future.succeededFuture()
                .compose(now -> enter(request, path))
                .compose(entrance -> entrance.to().describe().map(session -> told(request, entrance, session)))
                .onSuccess(told ->
                        Answers.send(request.response().putHeader("Cache-Control", "no-store"), 200, told.toBuffer()))
                .onFailure(e -> access.explain(e, request, SessionId.parse(path))
                        .onSuccess(problem -> Problem.refuse(request, problem)));
    }
}
