package dev.berth.cluster;

import dev.berth.history.node.NodeRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Says which other nodes are lost: those whose counter has not changed for {@link #SILENCE_NANOS}. The time is measured by the reader's
 * own monotonic clock, so no step of a wall clock makes a living node look dead. Readings that are more than {@link #GAP_NANOS}
 * apart begin the time anew: Postgres was away, or the reader stood still, and a living node may not have been able to raise its counter,
 * or has not yet.
 */
final class FailureDetector {
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The latest reading of each node, and when it was first read. */
    private Map<String, NodeReading> seen = Map.of();

    private long readAt;

    private record NodeReading(long epoch, long renewals, long since) {
        boolean shows(NodeRow row) {
            return epoch == row.epoch() && renewals == row.renewals();
        }
    }

    /**
     * Takes a reading of the rows of all other nodes; gives those that are lost.
     *
     * @param now in nanoseconds, when the answer came
     */
    List<NodeRow> read(List<NodeRow> others, long now) {
        Map<String, NodeReading> before = now - readAt <= GAP_NANOS ? seen : Map.of();
        Map<String, NodeReading> read = new HashMap<>();
        for (NodeRow row : others) {
            NodeReading known = before.get(row.machineId());
            boolean same = known != null && known.shows(row);
            read.put(row.machineId(), same ? known : new NodeReading(row.epoch(), row.renewals(), now));
        }
        seen = read;
        readAt = now;
        return others.stream()
                .filter(row -> now - read.get(row.machineId()).since >= SILENCE_NANOS)
                .toList();
    }
}
