package dev.berth.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's WebSocket: writes whole frames, pings the client, and closes in bounded time, whether the client reads or not. On the
 * event loop of the socket.
 */
public final class ClientSocket implements FrameSocket {
    private static final Logger log = LoggerFactory.getLogger(ClientSocket.class);
    private static final long ANSWER_MILLIS = 2_000;
    private static final long TAKE_MILLIS = 30_000;
    private static final int MAX_SILENT_BEATS = 2;

    private final Vertx vertx;
    private final NetSocket socket;
    private final long pingMillis;
    private long beat = -1;
    private long closing = -1;
    private int silentBeats;
    private boolean paused;
    /** Writes that are not complete, and whether one has completed since the last beat. */
    private int writing;

    private boolean taken;

    /**
     * @param maxUnwrittenBytes from which on the socket is full
     * @param pingMillis the pause between two pings
     */
    public ClientSocket(Vertx vertx, NetSocket socket, int maxUnwrittenBytes, long pingMillis) {
        this.vertx = vertx;
        this.socket = socket.setWriteQueueMaxSize(maxUnwrittenBytes);
        this.pingMillis = pingMillis;
    }

    @Override
    public void start(Listener listener) {
        socket.drainHandler(drained -> listener.drained())
                .exceptionHandler(e -> log.debug("a client's socket: {}", e.toString()))
                .handler(chunk -> {
                    silentBeats = 0;
                    listener.read(chunk);
                })
                .closeHandler(closed -> {
                    cancelTimers();
                    listener.gone();
                });
        if (isOpen()) {
            beatLater(listener);
        } else {
            listener.gone(); // a socket that closed before its handler was set does not report it again
        }
    }

    private ChannelHandlerContext channelContext() {
        return ((NetSocketInternal) socket).channelHandlerContext();
    }

    public Channel channel() {
        return channelContext().channel();
    }

    public boolean isOpen() {
        return channel().isActive();
    }

    @Override
    public boolean isFull() {
        return socket.writeQueueFull();
    }

    /** Whether the client has not taken all that was written. */
    public boolean isWriting() {
        return writing > 0;
    }

    @Override
    public Future<Void> write(Buffer frames) {
        writing++;
        return socket.write(frames).onComplete(over -> {
            writing--;
            taken |= over.succeeded();
        });
    }

    @Override
    public boolean throttle(boolean wait) {
        boolean changes = wait != paused;
        paused = wait;
        if (changes && wait) {
            socket.pause();
        } else if (changes) {
            socket.resume();
        }
        return changes;
    }

    // Beats

    private void beatLater(Listener listener) {
        beat = vertx.setTimer(pingMillis, ignored -> {
            beatLater(listener);
            listener.beat();
            look(listener);
        });
    }

    /** A client that is not read can't be heard. */
    private void look(Listener listener) {
        silentBeats = taken && isWriting() ? 0 : silentBeats;
        taken = false;
        if (!isOpen() || closing >= 0 || paused && !isWriting()) {
            return;
        }
        if (silentBeats++ < MAX_SILENT_BEATS) {
            write(FrameWriter.ping());
        } else {
            listener.silent();
        }
    }

    private void cancelTimers() {
        vertx.cancelTimer(beat);
        vertx.cancelTimer(closing);
    }

    // Closing

    /** Sends a close frame, and gives the client a moment to answer. */
    @Override
    public void close(CloseReason reason) {
        if (isOpen()) {
            write(FrameWriter.close(reason));
            cancelTimers();
            closing = vertx.setTimer(ANSWER_MILLIS, ignored -> close());
        }
    }

    /** Closes the socket after what was written, if the client takes it soon. */
    @Override
    public void close() {
        if (isOpen()) {
            cancelTimers();
            socket.close().onFailure(e -> log.debug("a client's socket: {}", e.toString()));
            closing = vertx.setTimer(TAKE_MILLIS, ignored -> abort());
        }
    }

    /** Closes the socket without writing what is queued: both the socket's own close and the kernel's would wait for that. */
    @Override
    public void abort() {
        if (isOpen()) {
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
            channelContext().close();
        }
    }
}
