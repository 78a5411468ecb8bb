package dev.berth.cluster;

import dev.berth.history.NodeRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who could declare a node lost, as far as it knows: the nodes that lived at its last reading, and those that it could ask since the
 * readings before, which may have registered afterwards. One that it never could ask is unknown to it.
 */
final class Judges {
    private List<NodeRow> living = List.of();
    /** When each could be asked last. */
    private final Map<String, Long> linked = new HashMap<>();

    /** The nodes that were alive at the last reading. */
    List<NodeRow> living() {
        return living;
    }

    void linked(Set<String> machineIds, long now) {
        machineIds.forEach(id -> linked.put(id, now));
    }

    /** @param before when the reading before was sent: who could be asked since may have registered after this one */
    void read(List<NodeRow> nowLiving, long before) {
        living = nowLiving;
        linked.values().removeIf(at -> at - before < 0);
    }

    boolean isAlone() {
        return living.isEmpty() && linked.isEmpty();
    }

    Set<String> ids() {
        Set<String> all = new TreeSet<>(linked.keySet());
        living.forEach(row -> all.add(row.machineId()));
        return all;
    }
}
