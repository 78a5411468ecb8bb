package dev.berth.cdpclient;

import dev.berth.metrics.RelayCounts;
import dev.berth.websocket.ClientSocket;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameSocket;
import dev.berth.websocket.FrameWriter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The client's end of a relay. Passes Chrome's messages on as they arrive, and inserts Berth's own where the protocol allows. On
 * the event loop of its socket.
 */
final class ClientEnd {
    private static final int MAX_UNWRITTEN_BYTES = 1 << 20;
    private static final long PING_MILLIS = 30_000;
    private static final int MAX_OWN_FRAMES = 1_000;

    private final FrameSocket socket;
    private final RelayCounts counts;
    private Buffer frames = Buffer.buffer();
    /** Own replies that wait for the end of Chrome's message: no other message may stand between its fragments. */
    private final Queue<Buffer> answers = new ArrayDeque<>();

    private FrameSocket.Listener listener;
    private boolean inMessage;
    /** Own frames that the client has not received yet, and how many of these are to be written. */
    private int ownFrames;

    private int ownToWrite;

    ClientEnd(FrameSocket socket, RelayCounts counts) {
        this.socket = socket;
        this.counts = counts;
    }

    /** The socket of a client of this server. */
    static FrameSocket socket(Vertx vertx, NetSocket socket) {
        return new ClientSocket(vertx, socket, MAX_UNWRITTEN_BYTES, PING_MILLIS);
    }

    void start(FrameSocket.Listener hears) {
        listener = hears;
        socket.start(hears);
    }

    /** @param wait whether to stop reading until the next call */
    void throttle(boolean wait) {
        if (socket.throttle(wait) && wait) {
            counts.clientStalled();
        }
    }

    /** Whether too much is queued for the client. {@link FrameSocket.Listener#drained} follows. */
    boolean isFull() {
        return socket.isFull();
    }

    /**
     * Whether the client causes replies faster than it receives them, and should wait. {@link FrameSocket.Listener#drained}
     * follows.
     */
    boolean isBehind() {
        return ownFrames > MAX_OWN_FRAMES;
    }

    /** Adds a part of Chrome's message, until {@link #flush}. */
    void piece(byte[] bytes, int from, int to, boolean last) {
        FrameWriter.appendFragment(frames, !inMessage, last, bytes, from, to);
        inMessage = !last;
        addAnswers();
    }

    private void addAnswers() {
        while (!inMessage && !answers.isEmpty()) {
            addOwn(answers.remove());
        }
    }

    private void addOwn(Buffer frame) {
        frames.appendBuffer(frame);
        ownToWrite++;
    }

    /** Writes what was added. Gives whether there was anything. */
    boolean flush() {
        int bytes = frames.length();
        if (bytes > 0) {
            int own = ownToWrite;
            ownToWrite = 0;
            counts.toClient(bytes);
            socket.write(frames).onComplete(over -> received(own));
            frames = Buffer.buffer(bytes);
        }
        return bytes > 0;
    }

    private void received(int own) {
        boolean wasBehind = isBehind();
        ownFrames -= own;
        if (wasBehind && !isBehind()) {
            listener.drained();
        }
    }

    /** Sends a message to the client in place of Chrome. */
    void answer(String reply) {
        ownFrames++;
        answers.add(FrameWriter.text(reply));
        addAnswers();
        flush();
    }

    void pong(byte[] payload) {
        ownFrames++;
        addOwn(FrameWriter.pong(payload));
        flush();
    }

    // Closing

    /** Sends a close frame, and gives the client a moment to answer. */
    void close(CloseReason reason) {
        socket.close(reason);
    }

    void answerClose(byte[] payload) {
        socket.write(FrameWriter.close(payload));
    }

    void close() {
        socket.close();
    }

    void abort() {
        socket.abort();
    }
}
