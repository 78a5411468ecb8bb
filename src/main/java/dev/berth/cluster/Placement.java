package dev.berth.cluster;

import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.ClusterNodes;
import dev.berth.protocol.NodeStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says where the next session is to be: on the node with the most free places; where none has any, on that with the fewest
 * sessions waiting. Nodes tell of themselves now and then: meanwhile, what was placed from here counts. Thread-safe.
 */
public final class Placement {
    private final String machineId;
    private final ClusterNodes nodes;
    private final Map<String, Placed> placed = new HashMap<>();

    /** Sessions that a status does not know of yet. */
    private record Placed(NodeStatus since, int sessions) {}

    /** @param machineId this node, which is preferred to one with as much room */
    public Placement(String machineId, ClusterNodes nodes) {
        this.machineId = machineId;
        this.nodes = nodes;
    }

    /**
     * The node that is to make the next session, and counts it; empty where no node takes new ones, or where the others do not know
     * this one yet.
     */
    public synchronized Optional<ClusterNode> next() {
        List<ClusterNode> living = nodes.living();
        placed.keySet().retainAll(living.stream().map(ClusterNode::machineId).toList());
        Optional<ClusterNode> best = Optional.empty();
        if (living.stream().noneMatch(node -> node.machineId().equals(machineId))) {
            return best;
        }
        for (ClusterNode node : living) {
            if (!node.status().draining()
                    && best.filter(other -> !isBetter(node, other)).isEmpty()) {
                best = Optional.of(node);
            }
        }
        best.ifPresent(node -> placed.put(node.machineId(), new Placed(node.status(), placedSince(node) + 1)));
        return best;
    }

    private boolean isBetter(ClusterNode node, ClusterNode other) {
        int more = room(node) - room(other);
        return more > 0 || more == 0 && node.machineId().equals(machineId);
    }

    /** Free places; negative where sessions wait for some. */
    private int room(ClusterNode node) {
        NodeStatus status = node.status();
        return status.capacity() - status.creating() - status.running() - status.queued() - placedSince(node);
    }

    private int placedSince(ClusterNode node) {
        Placed since = placed.get(node.machineId());
        return since != null && since.since().equals(node.status()) ? since.sessions() : 0;
    }
}
