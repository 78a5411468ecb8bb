package dev.berth.story;

import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.StoryCursor;

/**
 * The output to which a reader's entries go. On the event loop of the reader.
 */
public interface Output {
    /** Whether it takes no more for now. It then calls the reader's {@code goOn} when it does again. */
    boolean isFull();

    /**
     * Takes an entry.
     *
     * @param after the position after it
     */
    void tell(SessionEvent event, StoryCursor after);

    /** Sends what was told. */
    void flush();

    /** All of the history has been told; what comes next is live. */
    void live();

    /** The story is over, and all of it has been told. */
    void end();

    /** The story can't be read any further, for now. */
    void fail(Throwable why);
}
