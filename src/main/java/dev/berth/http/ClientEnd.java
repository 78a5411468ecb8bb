package dev.berth.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's end of a relay. It gets Chrome's frames as they come, and frames of our own where they can stand between those. On
 * the event loop of its socket.
 */
final class ClientEnd {
    private static final Logger log = LoggerFactory.getLogger(ClientEnd.class);
    private static final int WRITE_QUEUE_BYTES = 1 << 20;
    private static final long CLOSE_MILLIS = 2_000;

    private final Vertx vertx;
    private final NetSocket socket;
    private final FrameWalker walker;
    /** Frames of our own that wait for Chrome's present one to end. */
    private final Queue<Buffer> controls = new ArrayDeque<>();

    /** Answers of our own that wait for Chrome's present message to end. */
    private final Queue<Buffer> answers = new ArrayDeque<>();

    private Runnable gone;
    private boolean paused = true;
    private boolean taken;

    /**
     * @param socket paused
     * @param walker goes over what Chrome sends
     */
    ClientEnd(Vertx vertx, NetSocket socket, FrameWalker walker) {
        this.vertx = vertx;
        this.socket = socket;
        this.walker = walker;
    }

    /** Hears the client. */
    interface Listener {
        void read(Buffer chunk);

        /** It takes more again. */
        void drained();

        /** Its socket is closed, by whomever. */
        void gone();
    }

    /** Reads nothing until it is told by {@link #throttle}. */
    void start(Listener listener) {
        gone = listener::gone;
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(drained -> listener.drained())
                .handler(listener::read)
                .exceptionHandler(ClientEnd::ignored)
                .closeHandler(closed -> gone.run());
    }

    boolean isOpen() {
        return ((NetSocketInternal) socket).channelHandlerContext().channel().isActive();
    }

    /** @param wait to read no further, until told otherwise */
    void throttle(boolean wait) {
        if (wait && !paused) {
            socket.pause();
        } else if (!wait && paused) {
            socket.resume();
        }
        paused = wait;
    }

    /** Whether more waits for the client than should: {@link Listener#drained} follows. */
    boolean isFull() {
        return socket.writeQueueFull();
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether the client has taken anything since this was last asked. */
    boolean hasTaken() {
        boolean now = taken;
        taken = false;
        return now;
    }

    /** Passes a chunk of Chrome's on. */
    void relay(Buffer chunk) {
        int written = 0;
        for (int at = 0; at < chunk.length(); ) {
            at = walker.advance(chunk, at);
            if (mayInsert()) {
                write(chunk.slice(written, at));
                written = at;
                writeInserts();
            }
        }
        if (written < chunk.length()) {
            write(written == 0 ? chunk : chunk.slice(written, chunk.length()));
        }
    }

    private boolean mayInsert() {
        return !controls.isEmpty() && walker.atFrameEnd() || !answers.isEmpty() && walker.atMessageEnd();
    }

    /** Control frames may stand between the fragments of a message, others not (RFC 6455, 5.4). */
    private void writeInserts() {
        while (!controls.isEmpty() && walker.atFrameEnd()) {
            write(controls.remove());
        }
        while (!answers.isEmpty() && walker.atMessageEnd()) {
            write(answers.remove());
        }
    }

    /** Answers a command in Chrome's stead. */
    void answer(String reply) {
        answers.add(Frames.text(reply));
        writeInserts();
    }

    void ping() {
        control(Frames.ping());
    }

    void pong(byte[] payload) {
        control(Frames.pong(payload));
    }

    private void control(Buffer frame) {
        controls.add(frame);
        writeInserts();
    }

    /** Whether a control frame of ours waits for Chrome's present frame to end. */
    boolean isMidFrame() {
        return !controls.isEmpty();
    }

    private void write(Buffer bytes) {
        socket.write(bytes).onComplete(written -> taken = true, ClientEnd::ignored);
    }

    // The end

    /** Where the client's frames begin is not known any more: what else it sends is nothing. */
    void ignoreInput() {
        socket.handler(ignored -> {});
    }

    /** Says why, where a frame can stand, and gives the client a moment to answer. */
    void close(CloseReason reason) {
        if (!walker.atFrameEnd()) {
            close();
            return;
        }
        write(Frames.close(reason));
        long timer = vertx.setTimer(CLOSE_MILLIS, ignored -> abort());
        socket.closeHandler(closed -> {
            vertx.cancelTimer(timer);
            gone.run();
        });
    }

    /** Answers the client's close. */
    void closeBack(byte[] payload) {
        if (walker.atFrameEnd()) {
            write(Frames.close(payload));
        }
    }

    /** What was written goes out first, unless the client does not read it. */
    void close() {
        long timer = vertx.setTimer(CLOSE_MILLIS, ignored -> abort());
        socket.close().onComplete(closed -> vertx.cancelTimer(timer));
    }

    /** At once, whatever is still to be written: the socket's own way to close, and the kernel's, would wait for that. */
    void abort() {
        ChannelHandlerContext context = ((NetSocketInternal) socket).channelHandlerContext();
        context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        context.close();
    }

    /** A socket that fails closes, and that is heard. */
    private static void ignored(Throwable e) {
        log.debug("CDP client: {}", e.toString());
    }
}
