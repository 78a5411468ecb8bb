package dev.berth.http.sockets;

import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;

/** What a client's socket is for. Has no effect before {@link #open}. On the event loop of the client. */
interface SocketUse {
    /** Gets ready for the client; where it fails, the client is refused by HTTP. */
    Future<?> open();

    /** The client has its socket. Completes when all is over. */
    Future<?> start(NetSocket socket);

    /** Closes the client's socket for a reason; completes as {@link #start}. */
    Future<?> stop(CloseReason reason);

    /**
     * The client has left, or is refused, before it had its socket. Undoes {@link #open}, which may be under way, and then comes to
     * its end soon. May be repeated.
     */
    void abandon();
}
