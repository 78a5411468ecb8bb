package dev.berth.browser;

import dev.berth.protocol.BlockedRequest;
import java.util.Optional;

/** What the only way out of a browser knows of its connections, and the browser does not. On the browser's context. */
@FunctionalInterface
public interface WayOut {
    /** What came of the last connection to the host and port of this URL; empty where none of late went there. */
    Optional<Passage> last(String url);

    /** Whether this error of Chrome's says no more than that the way out did not let a connection through. */
    static boolean isUnexplained(String errorText) {
        return errorText.contains("net::ERR_SOCKS_CONNECTION_")
                || errorText.contains("net::ERR_PROXY_CONNECTION_FAILED");
    }

    /**
     * What came of a connection.
     *
     * @param blocked what did not let it out
     * @param failure why there is none, as Chrome would say it without a proxy, or by which rule
     * @param remoteAddress where it leads, if it is known
     */
    record Passage(Optional<BlockedRequest> blocked, Optional<String> failure, Optional<String> remoteAddress) {}
}
