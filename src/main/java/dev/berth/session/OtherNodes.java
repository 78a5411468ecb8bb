package dev.berth.session;

import java.util.Optional;

/** Other nodes, by their ids, that may make the next session. Thread-safe. */
public interface OtherNodes {
    /** One that has more room; empty where this node has the most. */
    Optional<String> better();

    /** The best of the others, whatever room this node has. */
    Optional<String> other();
}
