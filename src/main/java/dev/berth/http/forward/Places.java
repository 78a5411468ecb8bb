package dev.berth.http.forward;

import dev.berth.protocol.ClusterNode;
import java.util.Optional;

/** Where new sessions are to be made. Thread-safe. */
public interface Places {
    /** The node that is to make the next session, which counts there from now on; empty where no node takes one. */
    Optional<ClusterNode> next();

    /** No session was made there after all: one less counts. */
    void unmade(ClusterNode node);
}
