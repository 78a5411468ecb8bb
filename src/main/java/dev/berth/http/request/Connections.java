package dev.berth.http.request;

import dev.berth.loop.LoopPromise;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open connections of one HTTP verticle, upgraded ones too. On the verticle's event loop. */
public final class Connections {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    private static final long TOLD_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final String DECODER = "httpDecoder";

    private final Vertx vertx;
    private final HttpServerOptions options;
    private final Semaphore places;
    private final Set<Channel> open = new HashSet<>();
    private boolean closing;
    private long toldFullNanos = System.nanoTime() - TOLD_NANOS;

    /** @param places one for each connection that the verticles of the node may have together */
    public Connections(Vertx vertx, HttpServerOptions options, Semaphore places) {
        this.vertx = vertx;
        this.options = options;
        this.places = places;
    }

    /** Adds a new connection before anything is read from it, or closes it where the node has no place for it. */
    public void opened(HttpConnection connection) {
        // A client that resets its connection does not concern the operator.
        connection.exceptionHandler(e -> log.debug("{}", e.toString()));
        Channel channel = channel(connection);
        if (closing || !tryPlace()) {
            channel.close();
            return;
        }
        open.add(channel);
        channel.closeFuture().addListener(closed -> {
            open.remove(channel);
            places.release();
        });
        if (channel.pipeline().get(DECODER) != null) { // else it speaks HTTP/2, in which a request has one end
            channel.pipeline().replace(DECODER, DECODER, new RequestDecoder(options));
        }
    }

    private boolean tryPlace() {
        boolean let = places.tryAcquire();
        if (!let && System.nanoTime() - toldFullNanos >= TOLD_NANOS) {
            toldFullNanos = System.nanoTime();
            log.warn("the limit http.max-connections is reached; further connections are closed at once");
        }
        return let;
    }

    /**
     * Closes all connections. Written bytes go out first, where the client takes them within {@code patience}.
     */
    public Future<Void> close(Duration patience) {
        closing = true;
        List<Future<Void>> closed = List.copyOf(open).stream().map(this::close).toList();
        long timer =
                vertx.setTimer(patience.toMillis(), over -> List.copyOf(open).forEach(Connections::cut));
        return Future.join(closed).<Void>mapEmpty().onComplete(done -> vertx.cancelTimer(timer));
    }

    private Future<Void> close(Channel channel) {
        Promise<Void> closed = LoopPromise.here(vertx);
        channel.closeFuture().addListener(done -> closed.complete());
        channel.close();
        return closed.future();
    }

    /**
     * Ends a request without sending what the server has queued for its client: closes its connection, which in HTTP/2 others share, and
     * there resets its stream. On any thread.
     */
    public static void cut(HttpServerRequest request) {
        Channel channel = channel(request.connection());
        channel.eventLoop().execute(() -> {
            if (request.version() == HttpVersion.HTTP_2) {
                request.response().reset();
            } else {
                cut(channel);
            }
        });
    }

    /** The same, on the channel's event loop. */
    public static void cut(Channel channel) {
        // Below the handler of Vert.x, which would wait until the client has taken what is queued.
        channel.pipeline().firstContext().close();
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }
}
