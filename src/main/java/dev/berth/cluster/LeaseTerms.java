package dev.berth.cluster;

import java.util.concurrent.TimeUnit;

/**
 * The times by which nodes hold and judge each other's leases, in nanoseconds of each node's own monotonic clock. They follow from one
 * another: a node gives up at {@code lease − margin} after it sent the last renewal that succeeded, others declare it lost at
 * {@code lease} at the earliest. Once a node has told that it does not reach Postgres, it declares nobody for {@code forbearance} after
 * its next contact, which is long enough for all others to renew.
 *
 * @param lease how long a renewal holds
 * @param renewal the time between two renewals
 * @param margin how long before the end of its lease a node ends its sessions
 * @param gap if Postgres was not heard for this long, it counts as away until then
 * @param forbearance how long Postgres must have been heard without a gap before a node declares others
 * @param standstill between two looks at the clock: more means that the process was stopped
 * @param grace after a stop, for the answer of Postgres whether the lease still holds
 * @param question the time between two questions to the other nodes
 * @param linking within this, nodes that reach each other are linked; well below {@code forbearance}, so that a node that starts is
 *     asked before it may declare anybody
 */
record LeaseTerms(
        long lease,
        long renewal,
        long margin,
        long gap,
        long forbearance,
        long standstill,
        long grace,
        long question,
        long linking) {
    static final LeaseTerms USUAL = new LeaseTerms(s(10), s(2), s(2), s(4), s(12), ms(1_500), s(1), s(1), s(4));

    /** How long a node may go on without Postgres by its own clock. */
    long own() {
        return lease - margin;
    }

    long leaseMillis() {
        return TimeUnit.NANOSECONDS.toMillis(lease);
    }

    private static long s(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private static long ms(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
