package dev.berth.history.node;

import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.protocol.NodeCommand.NodeStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A node of the cluster, as Postgres has it.
 *
 * @param epoch names the registration of one process; a later one has a greater number; declaring a node lost gives its row a greater
 *     number, too
 * @param place of its data directory: which directory of which machine
 * @param renewals its counter, which it raises while it lives; from 0 in each epoch
 * @param ageMillis how long ago it raised it, by Postgres's clock
 * @param host at which other nodes reach it
 * @param clusterPort where its membership listens; absent in rows of earlier builds
 * @param status the node's own report; absent until the node can take sessions
 * @param lostAt when another node declared it lost
 * @param releasedAt when it stopped in an orderly way
 */
public record NodeRow(
        String machineId,
        long epoch,
        String place,
        long renewals,
        long ageMillis,
        String host,
        int requestPort,
        OptionalInt clusterPort,
        String version,
        Optional<NodeStatus> status,
        Instant registeredAt,
        Instant renewedAt,
        Optional<Instant> lostAt,
        Optional<Instant> releasedAt) {

    /** Whether it is neither lost nor released. Its process may be dead nevertheless. */
    public boolean present() {
        return lostAt.isEmpty() && releasedAt.isEmpty();
    }

    /** For those who send it sessions and requests; empty until it can take them. */
    public Optional<ClusterNode> node() {
        return status.map(told -> new ClusterNode(told, host, requestPort));
    }
}
