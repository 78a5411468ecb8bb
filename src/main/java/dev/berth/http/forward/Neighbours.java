package dev.berth.http.forward;

import dev.berth.history.OwnerRepository;
import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.protocol.NodeCommand.ClusterNodes;
import dev.berth.protocol.SessionId;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The cluster, as the API of a node sees it.
 *
 * @param machineId of this node
 * @param nodes those that are alive
 * @param holds whether a session is here; thread-safe
 * @param owners finds the others
 * @param linked whether another node, by its id, can be sent requests now; thread-safe
 * @param place gives the node that is to make the next session, which counts there from now on; empty where no node takes one; thread-safe
 * @param listening where, and from whom, this node takes requests that others pass on
 * @param calling how it reaches theirs
 */
public record Neighbours(
        String machineId,
        ClusterNodes nodes,
        Predicate<SessionId> holds,
        OwnerRepository owners,
        Predicate<String> linked,
        Supplier<Optional<ClusterNode>> place,
        HttpServerOptions listening,
        HttpClientOptions calling) {
    /** The other node with this id, if it is alive; empty where the id is this node's own, or that of a node that is gone. */
    Optional<ClusterNode> other(String id) {
        return id.equals(machineId) ? Optional.empty() : nodes.living(id);
    }
}
