package dev.berth.history;

import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.NodeStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * A node of the cluster, as Postgres has it.
 *
 * @param epoch names the registration of one process; a later one has a greater number
 * @param place of its data directory: which directory of which machine
 * @param renewals of its lease in this epoch
 * @param ageMillis how long ago it renewed its lease, by Postgres's clock
 * @param host at which other nodes reach it
 * @param status what it tells of itself; absent until it can take sessions
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
