package dev.berth.session;

import io.vertx.core.Future;
import java.util.Optional;

/** Other nodes, by their ids: those that may make the next session, and those that were asked. Thread-safe. */
public interface Elsewhere {
    /** One that has more room; empty where this node has the most. */
    Optional<String> better();

    /** The best of the others, whatever room this node has. */
    Optional<String> other();

    /** The answer of a node; fails as if nobody listened there where the node is out of reach for too long. */
    default <T> Future<T> answer(String node, Future<T> answer) {
        return answer;
    }
}
