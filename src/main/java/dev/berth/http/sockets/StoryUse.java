package dev.berth.http.sockets;

import dev.berth.http.sockets.StreamDoor.Use;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import dev.berth.story.Output;
import dev.berth.story.StoryReader;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A stream of one session's events. On the event loop of the client. */
final class StoryUse implements Use, Output {
    /** Kinds of entries that may be added without an event: where the session is lost, or its follower was. */
    private static final Set<StoryKind> SUSPECTS = EnumSet.of(StoryKind.STATUS, StoryKind.CONSOLE, StoryKind.NETWORK);

    private static final BerthException ELSEWHERE = new BerthException(
            ErrorCode.NOT_READY, "the session runs on another node: connect again with Last-Event-ID");

    private final StoryReader reader;
    private final Optional<StoryCursor> from;
    private final Links artifacts;
    private EventStream stream;
    private StoryCursor start = StoryCursor.START;

    /**
     * @param from where the client goes on; empty for now
     * @param artifacts how an artifact is shown
     */
    StoryUse(
            Context context,
            Set<StoryKind> kinds,
            StoryReader.Stored stored,
            StoryReader.Live live,
            Optional<StoryCursor> from,
            Links artifacts) {
        this.reader = new StoryReader(context, kinds, stored, live, this);
        this.from = from;
        this.artifacts = artifacts;
    }

    /**
     * Begins the stream before {@link #start}, with the client's own id.
     *
     * @param heartbeat called now and then
     */
    void open(EventStream client, Runnable heartbeat) {
        stream = client;
        client.begin(from.map(StoryCursor::toString).orElse(""), reader::goOn, heartbeat);
    }

    @Override
    public Future<?> start(EventStream client) {
        stream = client;
        return reader.start(from).onSuccess(at -> {
            start = at;
            stream.whenLate(this::begin);
            reader.goOn();
        });
    }

    @Override
    public void close() {
        reader.close();
    }

    /**
     * Begins the stream with its first entry, so that a client to which nothing is to be told gets no stream; earlier where that takes
     * long.
     */
    private void begin() {
        if (!stream.hasBegun()) {
            stream.begin(start.toString(), reader::goOn, this::check);
        }
    }

    /** Ends the stream; not with an HTTP error, after which an {@code EventSource} would not come again. */
    void runsElsewhere() {
        if (!stream.isOver()) {
            begin();
            stream.fail(ELSEWHERE);
        }
    }

    /** Reads again what may have been added without an event, such as the end. */
    void check() {
        reader.check(SUSPECTS);
    }

    @Override
    public boolean isFull() {
        return stream.isFull();
    }

    @Override
    public void tell(SessionEvent event, StoryCursor after) {
        begin();
        EventText.append(stream.buffer(), event, after, artifacts);
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public void live() {
        begin();
    }

    @Override
    public void end() {
        if (stream.hasBegun()) {
            stream.end();
        } else {
            stream.nothing();
        }
    }

    @Override
    public void fail(Throwable why) {
        stream.fail(why);
    }
}
