package dev.berth.live;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A place for the latest of something that another thread makes faster than it may be taken. One that was not taken is
 * replaced, so that whoever takes slowly misses some, and holds up nobody.
 *
 * @param <T> an immutable value
 */
final class Latest<T> {
    private final AtomicReference<T> value = new AtomicReference<>();
    private final Consumer<Runnable> taker;
    private final Runnable onValue;

    /**
     * @param taker runs a task on the taker's thread
     * @param onValue called there when there is a value again after it was empty
     */
    Latest(Consumer<Runnable> taker, Runnable onValue) {
        this.taker = taker;
        this.onValue = onValue;
    }

    /** For any thread. Tells whether it replaces one that was not taken. */
    boolean offer(T latest) {
        boolean replaces = value.getAndSet(latest) != null;
        if (!replaces) {
            taker.accept(onValue);
        }
        return replaces;
    }

    Optional<T> take() {
        return Optional.ofNullable(value.getAndSet(null));
    }
}
