package dev.berth.relay;

import dev.berth.relay.command.CommandText;
import io.vertx.core.buffer.Buffer;

/** Chrome's end of a relay, however it is reached. On the event loop of the client's socket. */
public interface ChromeEnd {
    /** The target that is the client's own connection. */
    String targetId();

    /** Once; reads nothing until {@link #resume}. */
    void start(Listener listener);

    /** Whether it can be read and written. */
    boolean isOpen();

    /** Gathers a message, until {@link #flush}. The text is the caller's again. */
    void send(CommandText text);

    /** Whether there was something to send. */
    boolean flush();

    /** Whether much waits to be written: {@link Listener#drained} follows. */
    boolean isFull();

    /** Reads nothing until it is told to go on. */
    void pause();

    void resume();

    /** Hears no more. */
    void close();

    /** Hears what comes from Chrome. */
    interface Listener {
        /** Unmasked frames, in whatever pieces. */
        void frames(Buffer chunk);

        /** What waited is written. */
        void drained();

        /** Chrome, or its end, is gone. */
        void closed();
    }
}
