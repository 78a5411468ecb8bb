package dev.berth.http.sockets;

import dev.berth.protocol.SessionId;

/**
 * A client that may open a socket.
 *
 * @param keyId of its API key, or of the key that its token was issued for
 * @param kind of its place
 */
record Admission(long keyId, SessionId session, SocketPlaces.Kind kind, SocketUse use) {
    Admission(long keyId, SessionId session, SocketUse use) {
        this(keyId, session, SocketPlaces.Kind.CLIENT, use);
    }
}
