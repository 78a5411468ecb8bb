package dev.berth.relay;

import dev.berth.relay.command.CommandText;
import java.util.Optional;

/** Chrome's end of a relay: a browser session of the client's own. On the event loop of the client's socket. */
public interface ChromeEnd {
    /** The target that is the client's own connection. */
    String targetId();

    /** Once; nothing comes before {@link #resume}. */
    void start(Listener listener);

    /** Whether a session is the client's: an empty one is its own, others are below that. */
    boolean owns(String sessionId);

    /**
     * Gathers a command, until {@link #flush}. The text is the caller's again.
     *
     * @return whether its session is the client's; else Chrome does not get it
     */
    boolean send(CommandText text);

    /** Whether there was something to send. */
    boolean flush();

    /** Whether too much waits to be written: {@link Listener#drained} follows. */
    boolean isFull();

    /** What is still in memory of what was sent. */
    long unwrittenBytes();

    /** Nothing comes until it is told to go on; what Chrome says meanwhile is kept, up to a bound. */
    void pause();

    void resume();

    /** Hears no more, but that what it sent is written. */
    void close();

    /** Hears what comes from Chrome. */
    interface Listener {
        /**
         * More of a message, or all of one.
         *
         * @param bytes used again
         * @param last whether the message ends here
         */
        void piece(byte[] bytes, int from, int to, boolean last);

        /** A good time to do something with what came. */
        void turnEnds();

        /** What waited is written. */
        void drained();

        /** @param why where it is not Chrome that is gone, but the client that is too slow */
        void closed(Optional<String> why);
    }
}
