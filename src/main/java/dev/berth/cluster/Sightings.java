package dev.berth.cluster;

import dev.berth.history.NodeRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * When other nodes last renewed their leases, by this node's monotonic clock: a renewal is seen by its number, and it happened after
 * the reading before. So no step of anybody's wall clock, Postgres's included, makes a living node look dead.
 */
final class Sightings {
    private final long margin;
    private final Map<String, Seen> seen = new HashMap<>();

    /** @param margin by how much nodes end their sessions before their lease ends */
    Sightings(long margin) {
        this.margin = margin;
    }

    private record Seen(long epoch, long renewals, long at) {}

    /**
     * Takes a reading of the rows of all other nodes.
     *
     * @param before when the reading before it was sent
     */
    void read(List<NodeRow> others, long before, long now) {
        Map<String, Seen> known = Map.copyOf(seen);
        seen.clear();
        others.forEach(row -> seen.put(row.machineId(), newest(known.get(row.machineId()), row, before, now)));
    }

    /** Takes a reading after a time without any: who did not renew meanwhile may not have been able to. */
    void readAfresh(List<NodeRow> others, long now) {
        seen.clear();
        others.forEach(row -> seen.put(row.machineId(), new Seen(row.epoch(), row.renewals(), now)));
    }

    private Seen newest(Seen known, NodeRow row, long before, long now) {
        boolean same = known != null && known.epoch == row.epoch() && known.renewals == row.renewals();
        return same ? known : new Seen(row.epoch(), row.renewals(), now - age(row, now - before));
    }

    /** Where Postgres's clock was set in between, its age is wrong, but by no more than the node ends its sessions early. */
    private long age(NodeRow row, long most) {
        long told = TimeUnit.MILLISECONDS.toNanos(Math.max(0, row.ageMillis()));
        return Math.min(told, Math.min(most, margin));
    }

    /** How long ago the node renewed its lease, at the least. */
    long ageOf(NodeRow row, long now) {
        return now - seen.get(row.machineId()).at;
    }
}
