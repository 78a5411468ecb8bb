package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.http.request.CdpAddress;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.sockets.SocketAccess.Entrance;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** The way by which clients come to the paths of a Chrome: with what right, and by which URLs they go on. */
public interface CdpDoor {
    /** The API key of a client that names no session; fails where the client is refused. */
    Future<ApiKey> key(HttpServerRequest request);

    /** The URL of the socket of a browser, which may be none yet. */
    String browserUrl(HttpServerRequest request, CdpAddress address, ApiKey key);

    String pageUrl(HttpServerRequest request, Entrance entrance, SessionDescription session, String pageId);

    /** The URL of DevTools for the page with this socket, where the door has the front end. */
    Optional<String> devToolsUrl(HttpServerRequest request, String pageUrl);

    /** The door at the API's port: clients bring a key. A key that stands in the query is repeated in URLs, and no other one. */
    record WithKey(SocketAccess access, SessionLinks links) implements CdpDoor {
        @Override
        public Future<ApiKey> key(HttpServerRequest request) {
            return access.creator(request);
        }

        @Override
        public String browserUrl(HttpServerRequest request, CdpAddress address, ApiKey key) {
            return address.key().isEmpty()
                    ? links.connectUrl(request, address)
                    : links.connectUrl(request, address, SessionId.random(), key.keyId());
        }

        @Override
        public String pageUrl(HttpServerRequest request, Entrance entrance, SessionDescription session, String pageId) {
            return links.pageUrl(request, entrance.id(), pageId, entrance.keyId(), session.expiresAt());
        }

        @Override
        public Optional<String> devToolsUrl(HttpServerRequest request, String pageUrl) {
            return Optional.of(links.devToolsUrl(request, pageUrl));
        }
    }
}
