package dev.berth.protocol;

import java.time.Instant;
import java.util.Optional;

/**
 * Asks the supervisor on {@link Addresses#node}, whose sessions wait for a place, for the one that has waited longest. Sent by a node
 * with a free place. Replied to once the session is the other node's, or it is known that none is given.
 *
 * @param machineId the node that asks
 * @param before only a session that was created before this time; absent for any
 */
public record TakeWaiting(String machineId, Optional<Instant> before) implements NodeCommand<WaitingGiven> {
    public TakeWaiting {
        Require.id("machineId", machineId);
        Require.present("before", before);
    }
}
