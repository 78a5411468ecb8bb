package dev.berth.browser;

import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A numeric user id for each Chrome, where the server is root: no Chrome can read another's profile. */
final class UserIds {
    private final boolean root;
    private final AtomicInteger next;
    private final Queue<Integer> returned = new ConcurrentLinkedQueue<>();

    UserIds(boolean root, int first) {
        this.root = root;
        this.next = new AtomicInteger(first);
    }

    /** An id that no running Chrome has; empty where Chrome runs as the server's own, unprivileged user. */
    OptionalInt take() {
        if (!root) {
            return OptionalInt.empty();
        }
        Integer used = returned.poll();
        return OptionalInt.of(used == null ? next.getAndIncrement() : used);
    }

    void giveBack(OptionalInt id) {
        id.ifPresent(returned::add);
    }
}
