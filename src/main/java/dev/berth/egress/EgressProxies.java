package dev.berth.egress;

import dev.berth.config.ServerConfig;
import dev.berth.protocol.Containment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The proxies of a node's Chromes, one each, and what they have in common. For any thread. */
public final class EgressProxies {
    /** Blocks: reads the block list. */
    public EgressProxies(Vertx vertx, AddressPolicy addresses, ServerConfig.Egress settings) {}

    /** On the caller's context. */
    public Future<EgressProxy> open() {
        return Future.succeededFuture(new EgressProxy());
    }

    /** Throws {@link dev.berth.protocol.BerthException} that names the option, where this server can't hold it. */
    public EgressPolicy policy(Containment containment) {
        return new EgressPolicy(containment);
    }

    /** Whether one of them listens there. */
    public boolean isOwnPort(int port) {
        return false;
    }

    /** Connections that are open, now. */
    public long openTunnels() {
        return 0;
    }

    /** Of all Chromes since the start; the ended ones', too. */
    public long bytesIn() {
        return 0;
    }

    public long bytesOut() {
        return 0;
    }

    /** How many connections this rule refused since the start. */
    public long blocked(EgressRule rule) {
        return 0;
    }
}
