package dev.berth.protocol;

import java.util.List;
import java.util.Optional;

/** The nodes of the cluster that are alive, this one too. Thread-safe; answers at once, from what it heard last. */
public interface ClusterNodes {
    /** In the order of their names. */
    List<ClusterNode> living();

    default Optional<ClusterNode> living(String machineId) {
        return living().stream()
                .filter(node -> node.machineId().equals(machineId))
                .findAny();
    }
}
