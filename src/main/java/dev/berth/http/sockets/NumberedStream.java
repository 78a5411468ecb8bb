package dev.berth.http.sockets;

import dev.berth.http.sockets.StreamDoor.Use;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Optional;

/**
 * A stream of entries that the history alone numbers, such as the starts and ends of a user's sessions: an event that is heard live is a
 * reason to read on. On the event loop of the client.
 */
final class NumberedStream<E> implements Use {
    private final Context context;
    private final Source<E> source;
    private EventStream stream;
    private Runnable leave = () -> {};
    private long last;
    private boolean behind = true;
    private boolean reading;
    private boolean closed;

    /** The source of a stream's entries. */
    interface Source<E> {
        /** Subscribes to events, of which each may mean new entries. */
        MessageConsumer<?> listen(Runnable heard);

        /** The number after which the client goes on; empty where nothing is left to be told. */
        Future<Optional<Long>> start();

        /** The next entries after a number; few, as they wait in memory. */
        Future<List<E>> read(long after);

        /** Writes an event for an entry; gives the entry's number. */
        long write(Buffer out, E entry);

        /** Whether nothing follows these entries, which were the next; they may be none. */
        boolean isEnd(List<E> page);
    }

    NumberedStream(Context context, Source<E> source) {
        this.context = context;
        this.source = source;
    }

    @Override
    public Future<?> start(EventStream client) {
        stream = client;
        MessageConsumer<?> consumer = source.listen(this::check);
        leave = consumer::unregister;
        return consumer.completion().compose(listening -> source.start()).onSuccess(this::begin);
    }

    private void begin(Optional<Long> after) {
        if (closed || stream.isOver()) {
            return;
        }
        if (after.isEmpty()) {
            stream.nothing();
            return;
        }
        last = after.get();
        stream.begin(Long.toString(last), this::goOn, this::check);
        goOn();
    }

    private void check() {
        behind = true;
        if (stream.hasBegun()) {
            goOn();
        }
    }

    private void goOn() {
        if (behind && !reading && !closed && !stream.isFull()) {
            behind = false;
            reading = true;
            source.read(last).onSuccess(this::tell).onFailure(this::fail);
        }
    }

    private void tell(List<E> page) {
        reading = false;
        if (closed) {
            return;
        }
        page.forEach(entry -> last = source.write(stream.buffer(), entry));
        boolean mayFollow = page.isEmpty() && behind;
        if (!mayFollow && source.isEnd(page)) {
            stream.end();
            return;
        }
        stream.flush();
        behind |= !page.isEmpty();
        // Not by recursion: the next page may be there at once.
        context.runOnContext(ignored -> goOn());
    }

    private void fail(Throwable why) {
        if (!closed) {
            stream.fail(why);
        }
    }

    @Override
    public void close() {
        closed = true;
        leave.run();
    }
}
