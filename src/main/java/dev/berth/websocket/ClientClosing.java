package dev.berth.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a client's socket in bounded time, even if the client does not read. On the event loop of the socket. */
public final class ClientClosing {
    private static final Logger log = LoggerFactory.getLogger(ClientClosing.class);
    private static final long ANSWER_MILLIS = 2_000;
    private static final long STUCK_MILLIS = 30_000;

    private final Vertx vertx;
    private final NetSocket socket;
    private final BooleanSupplier hasTaken;
    private long timer = -1;

    /** @param hasTaken whether the client has received anything since the last call */
    public ClientClosing(Vertx vertx, NetSocket socket, BooleanSupplier hasTaken) {
        this.vertx = vertx;
        this.socket = socket;
        this.hasTaken = hasTaken;
    }

    public boolean isOpen() {
        return channelContext().channel().isActive();
    }

    private ChannelHandlerContext channelContext() {
        return ((NetSocketInternal) socket).channelHandlerContext();
    }

    /** After a close frame was written: gives the client a moment to answer it. */
    public void closeOnceAnswered() {
        timer = vertx.setTimer(ANSWER_MILLIS, ignored -> close());
    }

    /** Closes the socket after what was written, as long as the client keeps reading. */
    public void close() {
        closed();
        if (isOpen()) {
            socket.close().onFailure(e -> log.debug("a client's socket: {}", e.toString()));
            hasTaken.getAsBoolean(); // what it received earlier does not count
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

    /** Closes the socket without writing what is queued: both the socket's own close and the kernel's would wait for that. */
    public void abort() {
        if (isOpen()) {
            channelContext().channel().config().setOption(ChannelOption.SO_LINGER, 0);
            channelContext().close();
        }
    }

    /** The socket has closed. */
    public void closed() {
        vertx.cancelTimer(timer);
    }
}
