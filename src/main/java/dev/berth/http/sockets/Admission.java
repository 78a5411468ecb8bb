package dev.berth.http.sockets;

import dev.berth.protocol.SessionId;

/**
 * A client that may come in.
 *
 * @param keyId of the API key that it has, or that its token was given to
 */
record Admission(long keyId, SessionId session, SocketUse use) {}
