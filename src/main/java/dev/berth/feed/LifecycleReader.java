package dev.berth.feed;

import dev.berth.history.LifecycleRepository.Numbered;
import dev.berth.protocol.SessionEvent.Lifecycle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Optional;

/**
 * Reads the creation, start and end of a user's sessions for one reader, by their numbers, which only the history knows: what is
 * heard live is a reason to read on. On the event loop of the reader.
 */
public final class LifecycleReader {
    private static final int PAGE = 100;

    private final Context context;
    private final Stored stored;
    private final Live live;
    private final Output<Long> output;
    private Runnable leave = () -> {};
    private long last;
    private boolean behind = true;
    private boolean reading = true;
    private boolean closed;

    /** The numbered entries of the user. */
    public interface Stored {
        /** The entries after a number, at most {@code limit}. */
        Future<List<Numbered>> read(long after, int limit);

        /** The number of the latest. */
        Future<Long> last();
    }

    /** Subscribes to what the user's sessions tell. */
    public interface Live {
        MessageConsumer<Lifecycle> listen(Handler<Lifecycle> reader);
    }

    /** Does not subscribe yet: a reader that is refused is never started. */
    public LifecycleReader(Context context, Stored stored, Live live, Output<Long> output) {
        this.context = context;
        this.stored = stored;
        this.live = live;
        this.output = output;
    }

    /**
     * Starts to read.
     *
     * @param after the number to go on after; if absent, the latest
     * @return the number
     */
    public Future<Long> start(Optional<Long> after) {
        MessageConsumer<Lifecycle> consumer = live.listen(event -> check());
        leave = consumer::unregister;
        return consumer.completion()
                .compose(listening -> after.map(Future::succeededFuture).orElseGet(stored::last))
                .onSuccess(from -> {
                    last = from;
                    reading = false;
                });
    }

    /** Reads on: there may be more. */
    public void check() {
        behind = true;
        goOn();
    }

    /** Reads and tells what there is, as far as the output takes it. */
    public void goOn() {
        if (behind && !reading && !closed && !output.isFull()) {
            behind = false;
            reading = true;
            stored.read(last, PAGE).onSuccess(this::tell).onFailure(this::fail);
        }
    }

    private void tell(List<Numbered> page) {
        reading = false;
        if (closed) {
            return;
        }
        for (Numbered entry : page) {
            last = entry.number();
            output.tell(entry.event(), last);
        }
        output.flush();
        behind |= !page.isEmpty();
        if (!behind) {
            output.live();
        }
        // Not by recursion: the next page may be there at once.
        context.runOnContext(ignored -> goOn());
    }

    private void fail(Throwable why) {
        if (!closed) {
            close();
            output.fail(why);
        }
    }

    /** Ends the reading. */
    public void close() {
        closed = true;
        leave.run();
    }
}
