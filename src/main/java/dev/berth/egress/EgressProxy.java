package dev.berth.egress;

import dev.berth.protocol.HostPatterns;
import dev.berth.protocol.Traffic;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * The only way out of one Chrome: a SOCKS5 server on a port of 127.0.0.1. It refuses everything until {@link #adopt}. All but {@link
 * #traffic} is for the context that it was opened on.
 */
public final class EgressProxy {
    public int port() {
        return 0;
    }

    /** Holds from now on. Closes what was connected under the policy before, and counts traffic from zero. */
    public void adopt(EgressPolicy policy) {}

    /** What is reached must match {@code task} too, from now on; empty ends that. Closes connections that don't match. */
    public void restrict(Optional<HostPatterns> task) {}

    /** Since it was adopted. For any thread. */
    public Traffic traffic() {
        return Traffic.NONE;
    }

    /**
     * Where more than {@code bytes} went in and out since it was adopted, all connections are closed, and none is let through.
     *
     * @param reason what is told then, a sentence without a full stop
     */
    public void limit(long bytes, String reason) {}

    /** What came of the last connection to the host and port of this URL. Empty where none of late went there. */
    public Optional<Outcome> last(String url) {
        return Optional.empty();
    }

    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
