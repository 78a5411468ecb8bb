package dev.berth.websocket;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** The connection of a client, which speaks in frames of WebSockets. On one event loop. */
public interface FrameSocket {
    /** Hears what a client does. */
    interface Listener {
        /** @param chunk frames of the client, or parts of them */
        void read(Buffer chunk);

        /** {@link #isFull} may have changed. */
        void drained();

        /** Called regularly, before each ping. */
        void beat();

        /** The client did not answer two pings, or has taken nothing meanwhile of what was written. */
        void silent();

        void gone();
    }

    void start(Listener listener);

    /** Whether what is written now would have to wait. {@link Listener#drained} follows. */
    boolean isFull();

    /**
     * Completes when the client has the frames.
     *
     * @param frames whole ones
     */
    Future<Void> write(Buffer frames);

    /**
     * @param wait whether to stop reading until the next call
     * @return whether that is new
     */
    boolean throttle(boolean wait);

    /** Tells the client why, and closes. */
    void close(CloseReason reason);

    /** Closes after what was written. */
    void close();

    /** Closes without writing what is queued. */
    void abort();
}
