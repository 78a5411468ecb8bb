package dev.berth.cdpclient;

import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Future;

/** Opens connections to the node's Chromes. For any event loop. */
public interface ChromeEnds {
    /**
     * Opens one for a client. To be called on the client's event loop; the client closes it. Fails with {@code upstream} where
     * Chrome does not answer.
     */
    Future<ChromeEnd> open(SessionId id, CdpEndpoint endpoint);
}
