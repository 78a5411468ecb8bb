package dev.berth.feed;

import dev.berth.protocol.SessionEvent;

/**
 * Where a reader's entries go. On the event loop of the reader.
 *
 * @param <C> the positions in the story
 */
public interface Output<C> {
    /** Whether it takes no more for now. It then calls the reader's {@code goOn} when it does again. */
    boolean isFull();

    /**
     * Takes an entry.
     *
     * @param after the position after it
     */
    void tell(SessionEvent event, C after);

    /** Sends what was told. */
    void flush();

    /** All of the history has been told; what comes next is live. */
    void live();

    /** The story is over, and all of it has been told. */
    void end();

    /** The story can't be read any further, for now. */
    void fail(Throwable why);
}
