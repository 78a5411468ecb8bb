package dev.berth.cluster;

import dev.berth.history.NodeRow;
import java.util.List;

/** What a {@link LeaseMachine} wants done. */
sealed interface LeaseEffect {
    /** Renew the lease of this epoch, and read the nodes. */
    record Renew(long epoch) implements LeaseEffect {}

    /** Register anew. */
    record Register() implements LeaseEffect {}

    /** Ask these nodes whether they reach Postgres. */
    record AskPeers(List<String> machineIds) implements LeaseEffect {
        public AskPeers {
            machineIds = List.copyOf(machineIds);
        }
    }

    /** End all sessions of this node at once; {@code detail} is for their users. */
    record EndSessions(String detail) implements LeaseEffect {}

    /** Declare these nodes lost. */
    record Declare(List<NodeRow> nodes) implements LeaseEffect {
        public Declare {
            nodes = List.copyOf(nodes);
        }
    }
}
