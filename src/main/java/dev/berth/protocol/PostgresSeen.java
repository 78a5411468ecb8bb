package dev.berth.protocol;

/**
 * Whether a node reaches Postgres.
 *
 * @param reachableMillis for how long it has, without a gap; 0 if it does not. It declares no other node lost before that is longer
 *     than all nodes need to renew their leases
 */
public record PostgresSeen(long reachableMillis) implements NodeReply {
    public PostgresSeen {
        Require.within("reachableMillis", reachableMillis, 0, Long.MAX_VALUE);
    }
}
