package dev.berth.relay;

import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Future;

/** Opens connections to the node's Chromes. For any event loop. */
public interface ChromeEnds {
    /**
     * An end for one client, whose event loop this is called on, and which closes it. Fails with {@code upstream} where Chrome does
     * not answer.
     */
    Future<ChromeEnd> open(CdpEndpoint endpoint);
}
