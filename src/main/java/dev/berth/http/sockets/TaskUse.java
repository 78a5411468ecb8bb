package dev.berth.http.sockets;

import dev.berth.history.TaskStory.Entry;
import dev.berth.http.sockets.StreamDoor.Use;
import dev.berth.protocol.TaskEvent;
import dev.berth.protocol.TaskEvent.TaskChanged;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Optional;

/**
 * A stream of what one AI task tells. Only the history numbers it: what is heard live is a reason to read on. On the event loop of
 * the client.
 */
final class TaskUse implements Use {
    /** A step may have 20,000 characters. */
    private static final int PAGE = 10;

    private final Context context;
    private final Stored stored;
    private final Live live;
    private long last;
    private Runnable leave = () -> {};
    private EventStream stream;
    private boolean behind = true;
    /** The task's end was heard. */
    private boolean over;

    private boolean reading;
    private boolean closed;

    /** What the history has of the task. */
    interface Stored {
        /** What it told after a number, at most {@code limit}. */
        Future<List<Entry>> read(long after, int limit);

        /** The number of the last that it told, if it has ended. */
        Future<Optional<Long>> last();
    }

    /** Subscribes to the events of the task. */
    interface Live {
        MessageConsumer<TaskEvent> listen(Handler<TaskEvent> reader);
    }

    /** @param after the number of what the client had last */
    TaskUse(Context context, Stored stored, Live live, long after) {
        this.context = context;
        this.stored = stored;
        this.live = live;
        this.last = after;
    }

    @Override
    public Future<?> start(EventStream client) {
        stream = client;
        MessageConsumer<TaskEvent> consumer = live.listen(event -> {
            over |= event instanceof TaskChanged changed
                    && changed.task().status().ended();
            check();
        });
        leave = consumer::unregister;
        return consumer.completion()
                .compose(listening -> stored.last())
                .onSuccess(end -> begin(end.filter(number -> number <= last).isPresent()));
    }

    private void begin(boolean allTold) {
        if (closed || stream.isOver()) {
            return;
        }
        if (allTold) {
            stream.nothing();
        } else {
            stream.begin(Long.toString(last), this::goOn, this::check);
            goOn();
        }
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
            stored.read(last, PAGE).onSuccess(this::tell).onFailure(this::fail);
        }
    }

    private void tell(List<Entry> page) {
        reading = false;
        if (closed) {
            return;
        }
        for (Entry entry : page) {
            last = entry.number();
            EventText.append(stream.buffer(), entry);
        }
        // Nothing can come after the number that the client named, if the end was not after it.
        boolean nothingLeft = page.isEmpty() && over && !behind;
        if (nothingLeft || !page.isEmpty() && page.get(page.size() - 1).isLast()) {
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
            stream.fail(StreamDoor.known(why));
        }
    }

    @Override
    public void close() {
        closed = true;
        leave.run();
    }
}
