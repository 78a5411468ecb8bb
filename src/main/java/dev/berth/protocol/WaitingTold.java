package dev.berth.protocol;

import java.time.Instant;
import java.util.Optional;

/**
 * Published on {@link Addresses#WAITING} now and then by a node whose sessions wait for a place.
 *
 * @param machineId the node
 * @param since when the session was created that has waited longest, of those that another node may take; absent where
 *     there is none any more
 */
public record WaitingTold(String machineId, Optional<Instant> since) {
    public WaitingTold {
        Require.id("machineId", machineId);
        Require.present("since", since);
    }
}
