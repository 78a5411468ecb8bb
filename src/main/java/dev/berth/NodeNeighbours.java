package dev.berth;

import dev.berth.cluster.Cluster;
import dev.berth.cluster.ClusterKeys;
import dev.berth.cluster.Placement;
import dev.berth.config.ServerConfig;
import dev.berth.history.OwnerRepository;
import dev.berth.http.forward.Neighbours;
import dev.berth.http.forward.Places;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
     * @param cluster empty in a Vertx of the user's own
     * @param holds whether a session is on this node
     */
    static Future<Optional<Neighbours>> of(
            Vertx vertx,
            ServerConfig.Cluster config,
            String machineId,
            Optional<Cluster> cluster,
            Membership membership,
            Predicate<SessionId> holds,
            OwnerRepository owners) {
        if (membership.heartbeat().isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return keys(vertx, config, cluster)
                .map(keys -> Optional.of(new Neighbours(
                        machineId,
                        membership.heartbeat().get(),
                        holds,
                        owners,
                        membership::isLinkedWith,
                        places(membership.placement().orElseThrow()),
                        listening(config, keys),
                        calling(keys))));
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

    /** Empty where the nodes talk in the clear, on one machine. */
    private static Future<Optional<ClusterKeys>> keys(
            Vertx vertx, ServerConfig.Cluster config, Optional<Cluster> cluster) {
        return cluster.map(joined -> Future.succeededFuture(joined.keys()))
                .orElseGet(() -> vertx.executeBlocking(() -> config.secret().map(ClusterKeys::derive), false));
    }

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
