package dev.berth.cluster;

import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a node is linked with others.
 *
 * @param host at which it listens, and the other nodes dial it
 * @param members where other nodes may be found, {@code host:port}
 * @param keys empty for links that anybody on this machine may make
 */
record MeshSettings(String host, int port, List<String> members, Optional<ClusterKeys> keys) {
    private static final int CONNECT_MILLIS = 2_000;
    /** Also for how long somebody who says nothing may keep a connection. */
    private static final long HANDSHAKE_MILLIS = 3_000;

    String address() {
        return Members.text(host, port);
    }

    NetServerOptions listening() {
        NetServerOptions options = new NetServerOptions();
        keys.ifPresent(of -> of.server(options));
        options.setSslHandshakeTimeout(HANDSHAKE_MILLIS).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        return options;
    }

    NetClientOptions dialing() {
        NetClientOptions options = new NetClientOptions().setConnectTimeout(CONNECT_MILLIS);
        keys.ifPresent(of -> of.client(options));
        options.setSslHandshakeTimeout(HANDSHAKE_MILLIS).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        return options;
    }
}
