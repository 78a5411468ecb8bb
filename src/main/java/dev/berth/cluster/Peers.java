package dev.berth.cluster;

import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Function;

/** The other nodes, asked without Postgres. Thread-safe. */
public interface Peers {
    /**
     * For how long a node has reached Postgres without a gap, in milliseconds; 0 if it does not; a lease or more where this node may
     * be lost as far as that one knows. Fails if it does not answer soon.
     */
    Future<Long> reachesPostgres(String machineId);

    /** The nodes that can be asked now, by their machineIds, this one not among them. Asks nobody. */
    Set<String> linked();

    /** @param millis what others are told, by their machineId; see {@link #reachesPostgres} */
    void tellOfPostgres(Function<String, Future<Long>> millis);
}
