package dev.berth.relay;

import dev.berth.websocket.CloseReason;
import dev.berth.websocket.Frames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
    private static final int MAX_OWN_FRAMES = 1_000;

    private final String name;
    private final NetSocket socket;
    private final FrameWalker walker;
    private final ClientClosing closing;
    /** Frames of our own that wait for Chrome's present one to end. */
    private final Queue<Buffer> controls = new ArrayDeque<>();

    /** Answers of our own that wait for Chrome's present message to end. */
    private final Queue<Buffer> answers = new ArrayDeque<>();

    private Listener listener;
    private boolean paused;
    /** Frames of our own that the client has not taken yet. */
    private int ownFrames;
    /** Writes that are not over. */
    private int writing;

    private boolean taken;

    /**
     * @param name for the log
     * @param walker goes over what Chrome sends
     */
    ClientEnd(Vertx vertx, String name, NetSocket socket, FrameWalker walker) {
        this.name = name;
        this.socket = socket;
        this.walker = walker;
        this.closing = new ClientClosing(vertx, socket, this::hasTaken);
    }

    /** Hears the client. */
    interface Listener {
        void read(Buffer chunk);

        /** It takes more again: {@link #isFull} or {@link #isBehind} may have changed. */
        void drained();

        /** Its socket is closed, by whomever. */
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

    /** Whether it asks for answers faster than it takes them, and should wait: {@link Listener#drained} follows. */
    boolean isBehind() {
        return ownFrames > MAX_OWN_FRAMES;
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether something waits to be taken by the client. */
    boolean isWriting() {
        return writing > 0;
    }

    /** Whether something that was written has all gone out to the client since this was last asked. */
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
            writeOwn(controls.remove());
        }
        while (!answers.isEmpty() && walker.atMessageEnd()) {
            writeOwn(answers.remove());
        }
    }

    /** Answers a command in Chrome's stead. */
    void answer(String reply) {
        ownFrames++;
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
        ownFrames++;
        controls.add(frame);
        writeInserts();
    }

    /** Whether a frame of ours waits for Chrome's present one to end. */
    boolean hasWaitingControl() {
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

    // The end

    /** Where the client's frames begin is not known any more: what else it sends is nothing. */
    void ignoreInput() {
        socket.handler(ignored -> {});
    }

    /** Says why, where a frame can stand, and gives the client a moment to answer. */
    void close(CloseReason reason) {
        if (!isOpen()) {
            return;
        }
        if (walker.atFrameEnd()) {
            write(Frames.close(reason));
            closing.closeOnceAnswered();
        } else {
            closing.close();
        }
    }

    /** Answers the client's own close frame, with the same again. */
    void answerClose(byte[] payload) {
        if (walker.atFrameEnd()) {
            write(Frames.close(payload));
        }
    }

    /** What was written goes out first, as long as the client takes it. */
    void close() {
        closing.close();
    }

    /** At once, whatever is still to be written. */
    void abort() {
        closing.abort();
    }

    /** A socket that fails closes, and that is heard. */
    private void ignored(Throwable e) {
        log.debug("{} CDP client: {}", name, e.toString());
    }
}
