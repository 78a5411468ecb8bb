package dev.berth.live;

import dev.berth.websocket.ClientClosing;
import dev.berth.websocket.ClientWatch;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameWriter;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A viewer's socket: writes whole WebSocket frames, and closes in bounded time. On its event loop. */
final class ViewerSocket implements ClientWatch.Client {
    private static final Logger log = LoggerFactory.getLogger(ViewerSocket.class);
    private static final int WRITE_QUEUE_BYTES = 64 << 10;
    /** More than this would wait in the kernel, and be old when the viewer gets it. */
    private static final int UNSENT_BYTES = 128 << 10;

    private final NetSocket socket;
    private final ClientClosing closing;
    private int writing;
    private boolean taken;
    private boolean paused;

    ViewerSocket(Vertx vertx, NetSocket socket) {
        this.socket = socket;
        this.closing = new ClientClosing(vertx, socket, this::hasTaken);
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES).exceptionHandler(e -> log.debug("a viewer: {}", e.toString()));
        if (((NetSocketInternal) socket).channelHandlerContext().channel() instanceof EpollSocketChannel channel) {
            channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES);
        }
    }

    /** Receives what the viewer sends. */
    interface Listener {
        void read(Buffer chunk);

        /** {@link #isFull} may have changed. */
        void drained();

        /** The socket has closed, whichever side closed it. */
        void gone();
    }

    void start(Listener listener) {
        socket.drainHandler(drained -> listener.drained())
                .handler(listener::read)
                .closeHandler(closed -> {
                    closing.closed();
                    listener.gone();
                });
        // A socket that closed before its handler was set does not report it again.
        if (!isOpen()) {
            listener.gone();
        }
    }

    boolean isOpen() {
        return closing.isOpen();
    }

    /** Whether what is written now would have to wait. {@link Listener#drained} follows. */
    boolean isFull() {
        return socket.writeQueueFull();
    }

    void write(Buffer frames) {
        writing++;
        socket.write(frames).onComplete(over -> {
            writing--;
            taken |= over.succeeded();
        });
    }

    /** @param wait whether to stop reading until the next call */
    void throttle(boolean wait) {
        if (wait && !paused) {
            socket.pause();
        } else if (!wait && paused) {
            socket.resume();
        }
        paused = wait;
    }

    @Override
    public boolean isWriting() {
        return writing > 0;
    }

    @Override
    public boolean hasTaken() {
        boolean now = taken;
        taken = false;
        return now;
    }

    @Override
    public boolean hasWaitingControl() {
        return false; // frames are written whole
    }

    @Override
    public boolean isPaused() {
        return paused;
    }

    @Override
    public void ping() {
        write(FrameWriter.ping());
    }

    // Closing

    /** Sends a close frame, and gives the viewer a moment to answer. */
    void close(CloseReason reason) {
        if (isOpen()) {
            write(FrameWriter.close(reason));
            closing.closeOnceAnswered();
        }
    }

    /** Closes the socket after what was written, as long as the viewer keeps reading. */
    void close() {
        closing.close();
    }

    /** Closes the socket without writing what is queued. */
    void abort() {
        closing.abort();
    }
}
