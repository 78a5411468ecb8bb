package dev.berth.websocket;

import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;

/**
 * The purpose of a client's WebSocket, as the door that opens the socket drives it. Has no effect before {@link #open}. On the event loop
 * of the client.
 */
public interface SocketUse {
    /** Prepares for the client. Where it fails, the client is refused by HTTP. */
    Future<?> open();

    /** Starts on the client's socket. Completes when the use is over. */
    Future<?> start(NetSocket socket);

    /** Closes the client's socket with a reason. Completes as {@link #start}. */
    Future<?> stop(CloseReason reason);

    /**
     * Called where the client left, or was refused, before it had its socket, and where {@link #start} fails. Undoes {@link #open}, and
     * makes it end soon if it is under way. May be called again.
     */
    void abandon();
}
