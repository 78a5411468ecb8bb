package dev.berth.relay;

import dev.berth.metrics.RelayCounts;
import dev.berth.websocket.ClientClosing;
import dev.berth.websocket.ClientWatch;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's end of a relay. Passes Chrome's frames on as they arrive, and inserts Berth's own frames where the protocol
 * allows. On the event loop of its socket.
 */
final class ClientEnd implements ClientWatch.Client {
    private static final Logger log = LoggerFactory.getLogger(ClientEnd.class);
    private static final int WRITE_QUEUE_BYTES = 1 << 20;
    private static final int MAX_OWN_FRAMES = 1_000;

    private final String name;
    private final NetSocket socket;
    private final FrameWalker walker;
    private final ClientClosing closing;
    private final RelayCounts counts;
    /** Own control frames that wait for the end of Chrome's current frame. */
    private final Queue<Buffer> controls = new ArrayDeque<>();

    /** Own replies that wait for the end of Chrome's current message. */
    private final Queue<Buffer> answers = new ArrayDeque<>();

    private Listener listener;
    private boolean paused;
    /** Own frames that the client has not received yet. */
    private int ownFrames;
    /** Writes that are not complete. */
    private int writing;

    private boolean taken;

    /**
     * @param name for the log
     * @param walker parses what Chrome sends
     */
    ClientEnd(Vertx vertx, String name, NetSocket socket, FrameWalker walker, RelayCounts counts) {
        this.name = name;
        this.socket = socket;
        this.walker = walker;
        this.counts = counts;
        this.closing = new ClientClosing(vertx, socket, this::hasTaken);
    }

    /** Receives what the client sends. */
    interface Listener {
        void read(Buffer chunk);

        /** The client receives again: {@link #isFull} or {@link #isBehind} may have changed. */
        void drained();

        /** The socket has closed, whichever side closed it. */
        void gone();
    }

    void start(Listener hears) {
        listener = hears;
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .drainHandler(drained -> listener.drained())
                .handler(listener::read)
                .exceptionHandler(this::ignored)
                .closeHandler(closed -> {
                    closing.closed();
                    listener.gone();
                });
    }

    boolean isOpen() {
        return closing.isOpen();
    }

    /** @param wait whether to stop reading until the next call */
    void throttle(boolean wait) {
        if (wait && !paused) {
            counts.clientStalled();
            socket.pause();
        } else if (!wait && paused) {
            socket.resume();
        }
        paused = wait;
    }

    /** Whether too much is queued for the client. {@link Listener#drained} follows. */
    boolean isFull() {
        return socket.writeQueueFull();
    }

    /** Whether the client causes replies faster than it receives them, and should wait. {@link Listener#drained} follows. */
    boolean isBehind() {
        return ownFrames > MAX_OWN_FRAMES;
    }

    @Override
    public boolean isPaused() {
        return paused;
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

    /** Passes on a chunk of Chrome's frames. */
    void relay(Buffer chunk) {
        counts.toClient(chunk.length());
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

    /** Control frames may stand between the fragments of a message, other frames not (RFC 6455, 5.4). */
    private void writeInserts() {
        while (!controls.isEmpty() && walker.atFrameEnd()) {
            writeOwn(controls.remove());
        }
        while (!answers.isEmpty() && walker.atMessageEnd()) {
            writeOwn(answers.remove());
        }
    }

    /** Sends a message to the client in place of Chrome. */
    void answer(String reply) {
        ownFrames++;
        answers.add(FrameWriter.text(reply));
        writeInserts();
    }

    @Override
    public void ping() {
        control(FrameWriter.ping());
    }

    void pong(byte[] payload) {
        control(FrameWriter.pong(payload));
    }

    private void control(Buffer frame) {
        ownFrames++;
        controls.add(frame);
        writeInserts();
    }

    @Override
    public boolean hasWaitingControl() {
        return !controls.isEmpty();
    }

    private void writeOwn(Buffer frame) {
        write(frame).onComplete(over -> {
            if (--ownFrames == MAX_OWN_FRAMES) {
                listener.drained();
            }
        });
    }

    private Future<Void> write(Buffer bytes) {
        writing++;
        return socket.write(bytes).onComplete(over -> {
            writing--;
            if (over.succeeded()) {
                taken = true;
            } else {
                ignored(over.cause());
            }
        });
    }

    // Closing

    /** After a violation the positions of the client's frames are unknown: drops everything else that it sends. */
    void ignoreInput() {
        socket.handler(ignored -> {});
    }

    /** Sends a close frame where one may stand, and gives the client a moment to answer. */
    void close(CloseReason reason) {
        if (!isOpen()) {
            return;
        }
        if (walker.atFrameEnd()) {
            write(FrameWriter.close(reason));
            closing.closeOnceAnswered();
        } else {
            closing.close();
        }
    }

    /** Answers the client's close frame with the same payload. */
    void answerClose(byte[] payload) {
        if (walker.atFrameEnd()) {
            write(FrameWriter.close(payload));
        }
    }

    /** Closes the socket after what was written, as long as the client keeps reading. */
    void close() {
        closing.close();
    }

    /** Closes the socket without writing what is queued. */
    void abort() {
        closing.abort();
    }

    /** A socket that fails also closes, which is handled. */
    private void ignored(Throwable e) {
        log.debug("{} CDP client: {}", name, e.toString());
    }
}
