package dev.berth;

import dev.berth.cluster.ClusterKeys;
import dev.berth.cluster.Placement;
import dev.berth.config.ServerConfig;
import dev.berth.history.OwnerRepository;
import dev.berth.http.forward.Neighbours;
import dev.berth.http.forward.Places;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.SessionId;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.Optional;
import java.util.function.Predicate;

/** What the API of a node knows of the other nodes. */
final class NodeNeighbours {
    private NodeNeighbours() {}

    /**
     * Empty where the node belongs to no cluster.
     *
     * @param holds whether a session is on this node
     */
    static Optional<Neighbours> of(
            ServerConfig.Cluster config,
            String machineId,
            Membership membership,
            Predicate<SessionId> holds,
            OwnerRepository owners) {
        return membership
                .node()
                .map(node -> new Neighbours(
                        machineId,
                        node.heartbeat(),
                        holds,
                        owners,
                        node.cluster()::isLinkedWith,
                        places(node.placement()),
                        listening(config, node.cluster().keys()),
                        calling(node.cluster().keys())));
    }

    private static Places places(Placement placement) {
        return new Places() {
            @Override
            public Optional<ClusterNode> next() {
                return placement.next();
            }

            @Override
            public void unmade(ClusterNode node) {
                placement.unmade(node);
            }
        };
    }

    /** @param keys empty where the nodes talk in the clear, on one machine */
    private static HttpServerOptions listening(ServerConfig.Cluster config, Optional<ClusterKeys> keys) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host().orElseThrow())
                .setPort(config.requestPort())
                .setHttp2ClearTextEnabled(false);
        return keys.map(own -> own.server(options)).orElse(options);
    }

    private static HttpClientOptions calling(Optional<ClusterKeys> keys) {
        HttpClientOptions options = new HttpClientOptions();
        return keys.map(own -> own.client(options)).orElse(options);
    }
}
