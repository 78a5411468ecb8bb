package dev.berth.relay;

import dev.berth.pipe.ChildPipes;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;

/** Chromes of this node by their pipes, or by their WebSockets where another client has the pipe. */
public final class NodeChromes implements ChromeEnds {
    private static final int CONNECT_MILLIS = 5_000;

    private final Vertx vertx;
    private final ChildPipes pipes;
    private final NetClient sockets;

    /** @param pipes by the paths of their Chromes' DevTools endpoints */
    public NodeChromes(Vertx vertx, ChildPipes pipes) {
        this.vertx = vertx;
        this.pipes = pipes;
        this.sockets = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS));
    }

    @Override
    public Future<ChromeEnd> open(CdpEndpoint endpoint, Object user) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        return PipeEnd.open(context, pipes, endpoint, user)
                .orElseGet(() -> SocketEnd.open(context, sockets, endpoint, user));
    }

    public Future<Void> close() {
        return sockets.close();
    }
}
