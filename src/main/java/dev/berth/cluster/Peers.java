package dev.berth.cluster;

import io.vertx.core.Future;

/** The other nodes, asked without Postgres. */
public interface Peers {
    /** For how long a node has reached Postgres without a gap, in milliseconds; 0 if it does not. Fails if it does not answer soon. */
    Future<Long> reachesPostgres(String machineId);
}
