package dev.berth.http.sockets;

import dev.berth.access.KeySockets;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Opens streams of events: refuses clients by HTTP, gives the others a place, and ends their streams when the API key is revoked or
 * the server stops. For the clients of one event loop.
 */
public final class StreamDoor {
    private static final long STOP_MILLIS = 1_500;
    private static final BerthException STOPPING =
            new BerthException(ErrorCode.NOT_READY, "the server is stopping: connect again with Last-Event-ID");
    private static final BerthException REVOKED =
            new BerthException(ErrorCode.UNAUTHENTICATED, "the API key was revoked or has expired");

    private final Context context;
    private final Scheduler scheduler;
    private final SocketPlaces places;
    private final KeySockets ofKeys;
    private final Set<EventStream> open = new HashSet<>();
    private boolean stopping;

    public StreamDoor(Vertx vertx, Scheduler scheduler, SocketPlaces places, KeySockets ofKeys) {
        this.context = vertx.getOrCreateContext();
        this.scheduler = scheduler;
        this.places = places;
        this.ofKeys = ofKeys;
    }

    /**
     * A client that may read.
     *
     * @param keyId of its API key, or of the key that its token was issued for
     * @param story names what it reads
     */
    record Subscriber(long keyId, String story, Use use) {
        /** The same for a client that came by a link made for others: its stream takes no place from the owner's of the same story. */
        Subscriber byLink(UnaryOperator<Use> other) {
            return new Subscriber(keyId, story + " by links", other.apply(use));
        }
    }

    /** The use of a stream. */
    interface Use {
        /** Starts to read. Where it fails, the client gets the reason. */
        Future<?> start(EventStream stream);

        /** Ends the reading. */
        void close();
    }

    /** @param admit fails where the client is refused */
    void open(HttpServerRequest request, Supplier<Future<Subscriber>> admit) {
        EventStream stream = new EventStream(request, scheduler);
        if (stopping) {
            stream.fail(STOPPING);
            return;
        }
        Future.succeededFuture()
                .compose(now -> admit.get())
                .compose(client -> enter(stream, client))
                .onFailure(stream::fail);
    }

    private Future<Void> enter(EventStream stream, Subscriber client) {
        return stream.isOver() // the client left
                ? Future.succeededFuture()
                : places.during(client.keyId(), SocketPlaces.Kind.STREAM, client.story(), () -> start(stream, client));
    }

    /** Completes when the stream is over. */
    private Future<Void> start(EventStream stream, Subscriber client) {
        open.add(stream);
        Runnable forget = ofKeys.opened(client.keyId(), () -> context.runOnContext(ignored -> stream.fail(REVOKED)));
        stream.over().onComplete(over -> {
            client.use().close();
            forget.run();
            open.remove(stream);
        });
        client.use().start(stream).onFailure(stream::fail);
        return stream.over();
    }

    /** Ends all streams, since the server stops, and refuses new ones. */
    public Future<?> stop() {
        stopping = true;
        List<Future<Void>> over = List.copyOf(open).stream()
                .peek(stream -> stream.fail(STOPPING))
                .map(EventStream::over)
                .toList();
        return Future.join(over).timeout(STOP_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }
}
