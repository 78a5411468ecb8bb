package dev.berth.cluster;

import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.protocol.NodeCommand.ClusterNodes;
import dev.berth.protocol.NodeCommand.NodeStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Says where the next session is to be: on the node with the most free places; where none has any, on that with the fewest
 * sessions waiting. Nodes tell of themselves now and then: meanwhile, what was placed from here counts. Thread-safe.
 */
public final class Placement {
    /** A node tells of itself more often: what its status does not show by then is not so. */
    private static final long TOLD_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String machineId;
    private final ClusterNodes nodes;
    private final Predicate<String> linked;
    private final LongSupplier nanos;
    private final Map<String, Placed> placed = new HashMap<>();
    /** The nodes that drain although their status may not say so yet, each with the time since when. */
    private final Map<String, Long> drainingSince = new HashMap<>();

    /** Sessions that a status does not know of yet. */
    private record Placed(NodeStatus since, int sessions, long atNanos) {}

    /**
     * @param machineId this node, which is preferred to one with as much room
     * @param linked whether another node can be sent requests now
     * @param nanos a monotonic clock
     */
    public Placement(String machineId, ClusterNodes nodes, Predicate<String> linked, LongSupplier nanos) {
        this.machineId = machineId;
        this.nodes = nodes;
        this.linked = linked;
        this.nanos = nanos;
    }

    /**
     * The node that is to make the next session, and counts it; empty where no node takes new ones, or where the others do not know
     * this one yet.
     */
    public Optional<ClusterNode> next() {
        return best(node -> true);
    }

    /** The same, of the other nodes alone: this one has refused it. */
    public Optional<ClusterNode> other() {
        return best(node -> !isThis(node));
    }

    /** A node has told that it takes no new sessions any more. */
    public synchronized void drains(String node) {
        drainingSince.put(node, nanos.getAsLong());
    }

    private synchronized Optional<ClusterNode> best(Predicate<ClusterNode> wanted) {
        List<ClusterNode> living = nodes.living();
        placed.keySet().retainAll(living.stream().map(ClusterNode::machineId).toList());
        drainingSince.values().removeIf(at -> nanos.getAsLong() - at >= TOLD_WITHIN_NANOS);
        Optional<ClusterNode> best = Optional.empty();
        if (living.stream().noneMatch(this::isThis)) {
            return best;
        }
        for (ClusterNode node : living) {
            if (wanted.test(node)
                    && takesNew(node)
                    && best.filter(other -> !isBetter(node, other)).isEmpty()) {
                best = Optional.of(node);
            }
        }
        best.ifPresent(this::count);
        return best;
    }

    private boolean isThis(ClusterNode node) {
        return node.machineId().equals(machineId);
    }

    private boolean takesNew(ClusterNode node) {
        return !node.status().draining()
                && !drainingSince.containsKey(node.machineId())
                && (isThis(node) || linked.test(node.machineId()));
    }

    private boolean isBetter(ClusterNode node, ClusterNode other) {
        int more = room(node) - room(other);
        return more > 0 || more == 0 && isThis(node);
    }

    /** Free places; negative where sessions wait for some. */
    private int room(ClusterNode node) {
        NodeStatus status = node.status();
        return status.capacity() - status.creating() - status.running() - status.queued() - placedSince(node);
    }

    private void count(ClusterNode node) {
        int before = placedSince(node);
        long at = before == 0 ? nanos.getAsLong() : placed.get(node.machineId()).atNanos();
        placed.put(node.machineId(), new Placed(node.status(), before + 1, at));
    }

    private int placedSince(ClusterNode node) {
        Placed since = placed.get(node.machineId());
        return since != null
                        && since.since().equals(node.status())
                        && nanos.getAsLong() - since.atNanos() < TOLD_WITHIN_NANOS
                ? since.sessions()
                : 0;
    }
}
