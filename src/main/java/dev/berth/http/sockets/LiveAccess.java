package dev.berth.http.sockets;

import dev.berth.history.ShareLink;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.request.ShareTokens;
import dev.berth.http.request.Validation;
import dev.berth.live.Rights;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** Who may see a session live: by the token of its {@code liveUrl}, by a link that was made for others, or by an API key. */
public final class LiveAccess {
    private static final List<String> KNOWN = List.of("token", "interactive");

    private final SessionClient sessions;
    private final SocketAccess access;
    private final LinkAccess links;

    /** @param sessions a client of the bus whose commands are those of viewers */
    public LiveAccess(SessionClient sessions, SocketAccess access, LinkAccess links) {
        this.sessions = sessions;
        this.access = access;
        this.links = links;
    }

    /**
     * A viewer that was let in.
     *
     * @param interactive whether it may act, or only watch
     * @param link by which it came; empty where it came otherwise
     */
    record Entrance(SocketAccess.Entrance to, boolean interactive, Optional<ShareLink> link) {
        Rights rights() {
            return new Rights(interactive, link.isEmpty());
        }
    }

    /** @param path the path segment that should be a session id */
    Future<Entrance> enter(HttpServerRequest request, String path) {
        boolean asked = interactive(request);
        String token = request.getParam("token");
        return token != null && ShareTokens.isOne(token)
                ? links.enter(SessionId.parse(path), token).map(found -> of(found.link(), asked))
                : access.enter(request, path, SessionLinks::livePurpose)
                        .map(entrance -> new Entrance(entrance, asked, Optional.empty()));
    }

    private static boolean interactive(HttpServerRequest request) {
        request.params().names().stream()
                .filter(name -> !KNOWN.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Validation.unknown(name, KNOWN);
                });
        String asked = request.getParam("interactive", "true");
        if (!asked.equals("true") && !asked.equals("false")) {
            throw Validation.invalid("interactive must be true or false");
        }
        return asked.equals("true");
    }

    private Entrance of(ShareLink link, boolean asked) {
        return new Entrance(
                new SocketAccess.Entrance(sessions, link.sessionId(), link.keyId()),
                asked && link.interactive(),
                Optional.of(link));
    }
}
