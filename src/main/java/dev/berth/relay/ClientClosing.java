package dev.berth.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a client's socket in bounded time, whether or not the client reads. On the event loop of the socket. */
final class ClientClosing {
    private static final Logger log = LoggerFactory.getLogger(ClientClosing.class);
    private static final long ANSWER_MILLIS = 2_000;
    private static final long STUCK_MILLIS = 30_000;

    private final Vertx vertx;
    private final NetSocket socket;
    private final BooleanSupplier hasTaken;
    private long timer = -1;

    /** @param hasTaken whether the client has taken something since this was last asked */
    ClientClosing(Vertx vertx, NetSocket socket, BooleanSupplier hasTaken) {
        this.vertx = vertx;
        this.socket = socket;
        this.hasTaken = hasTaken;
    }

    boolean isOpen() {
        return channelContext().channel().isActive();
    }

    private ChannelHandlerContext channelContext() {
        return ((NetSocketInternal) socket).channelHandlerContext();
    }

    /** A close frame was written: the client has a moment to answer it. */
    void closeOnceAnswered() {
        timer = vertx.setTimer(ANSWER_MILLIS, ignored -> close());
    }

    /** What was written goes out first, as long as the client takes it. */
    void close() {
        closed();
        if (isOpen()) {
            socket.close().onFailure(e -> log.debug("CDP client: {}", e.toString()));
            hasTaken.getAsBoolean(); // what it took before does not count
            abortIfStuck();
        }
    }

    private void abortIfStuck() {
        timer = vertx.setTimer(STUCK_MILLIS, ignored -> {
            if (hasTaken.getAsBoolean()) {
                abortIfStuck();
            } else {
                abort();
            }
        });
    }

    /** At once, whatever is still to be written: the socket's own way to close, and the kernel's, would wait for that. */
    void abort() {
        if (isOpen()) {
            channelContext().channel().config().setOption(ChannelOption.SO_LINGER, 0);
            channelContext().close();
        }
    }

    /** The socket is closed. */
    void closed() {
        vertx.cancelTimer(timer);
    }
}
