package dev.berth.cdpclient;

import dev.berth.cdpclient.command.CdpMessage;
import dev.berth.cdpclient.command.CommandText;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Future;
import java.util.Optional;

/** Chrome's end of a relay: a browser-level CDP session of the client's own. On the event loop of the client's socket. */
public interface ChromeEnd {
    /** The target of the client's own connection. */
    String targetId();

    /** To be called once. Nothing is delivered before {@link #resume}. */
    void start(Listener listener);

    /** Whether a CDP session belongs to the client: {@code ""} is its own, the others are attached below that. */
    boolean owns(String sessionId);

    /**
     * Queues a command until {@link #flush}. The caller may reuse the text.
     *
     * @param message what the text says
     * @return whether its CDP session belongs to the client; otherwise Chrome does not get it
     */
    boolean send(CdpMessage message, CommandText text);

    /**
     * The client has moved the mouse on a page, or used it there.
     *
     * @param x in CSS pixels, as {@code y}
     * @param pressed whether a button is held
     */
    void pointed(String pageId, double x, double y, boolean pressed);

    /**
     * The client is about to use the mouse or the keys of a page. Completes when the session hears from the page of what is done there, which is
     * at once but for the first time. Never fails.
     */
    Future<Void> uses(String pageId);

    /** Chrome's name of the reason why the last connection to the host of this URL failed; empty where it did not, or Chrome has none. */
    Optional<String> failure(String url);

    /** The address and port of the server of this URL; empty where they are not known. */
    Optional<String> serverAddress(String url);

    boolean flush();

    /** Whether too much is queued for writing. {@link Listener#drained} follows. */
    boolean isFull();

    /** The bytes of sent commands that are still in memory. */
    long unwrittenBytes();

    /** Stops delivery until {@link #resume}. What Chrome sends meanwhile is kept, up to a limit. */
    void pause();

    void resume();

    /** Stops delivery. What was sent is still written. */
    void close();

    /** Receives what Chrome sends. */
    interface Listener {
        /**
         * A part of a message, or a whole one.
         *
         * @param bytes reused afterwards
         * @param last whether the message ends here
         */
        void piece(byte[] bytes, int from, int to, boolean last);

        /** Everything that has arrived was delivered: a good time to process it. */
        void turnEnds();

        /** What was queued is written. */
        void drained();

        /** @param why where Chrome is not gone, but the client was too slow */
        void closed(Optional<String> why);
    }

    /** Opens connections to the node's Chromes. For any event loop. */
    interface Connector {
        /**
         * Opens one for a client. To be called on the client's event loop; the client closes it. Fails with {@code upstream} where
         * Chrome does not answer.
         */
        Future<ChromeEnd> open(SessionId id, CdpEndpoint endpoint);
    }
}
