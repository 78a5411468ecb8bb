package dev.berth.http.sockets;

import dev.berth.feed.LifecycleReader;
import dev.berth.feed.Output;
import dev.berth.http.sockets.StreamDoor.Use;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.Lifecycle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Optional;

/** A stream of the creation, start and end of a user's sessions. On the event loop of the client. */
final class LifecycleUse implements Use, Output<Long> {
    private final LifecycleReader reader;
    private final Optional<Long> after;
    private EventStream stream;

    /** @param after where the client goes on; empty for now */
    LifecycleUse(Context context, LifecycleReader.Stored stored, LifecycleReader.Live live, Optional<Long> after) {
        this.reader = new LifecycleReader(context, stored, live, this);
        this.after = after;
    }

    @Override
    public Future<?> start(EventStream client) {
        stream = client;
        return reader.start(after).onSuccess(from -> {
            client.begin(Long.toString(from), reader::goOn, reader::check);
            reader.goOn();
        });
    }

    @Override
    public void close() {
        reader.close();
    }

    @Override
    public boolean isFull() {
        return stream.isFull();
    }

    @Override
    public void tell(SessionEvent event, Long number) {
        EventText.append(stream.buffer(), (Lifecycle) event, number);
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public void live() {
        // It has begun already, and never ends.
    }

    @Override
    public void end() {
        stream.end();
    }

    @Override
    public void fail(Throwable why) {
        stream.fail(why);
    }
}
