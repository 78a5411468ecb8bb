package dev.berth.session;

import java.util.Optional;

/** Whether a node may hold sessions: in a cluster only while it has its lease. Thread-safe. */
public interface Tenure {
    /** Of a node that belongs to no cluster. */
    Tenure UNLIMITED = Optional::empty;

    /** Why the node may hold none now. */
    Optional<String> refusal();
}
