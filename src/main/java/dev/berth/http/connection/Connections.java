package dev.berth.http.connection;

import dev.berth.clock.LivedTime;
import dev.berth.http.connection.Conversation.Patience;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of one HTTP verticle: enforces the node's limit, and closes those whose client keeps the server waiting.
 * Upgraded connections count, but have their own timeouts. On the verticle's event loop.
 */
public final class Connections {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);
    private static final long MAX_SWEEP_MILLIS = 5_000;

    private final HttpServerOptions options;
    private final ConnectionLimit limit;
    private final Patience patience;
    private final Set<ConnectionWatch> watched = new HashSet<>();
    private final Set<Channel> open = new HashSet<>();
    private final Vertx vertx;
    private boolean closing;

    public Connections(Vertx vertx, HttpServerOptions options, ConnectionLimit limit, Patience patience) {
        this.vertx = vertx;
        this.options = options;
        this.limit = limit;
        this.patience = patience;
        long sweepMillis = Math.min(MAX_SWEEP_MILLIS, patience.silence().toMillis() / 4);
        vertx.setPeriodic(sweepMillis, ignored -> sweep());
    }

    /** Adds a new connection before anything is read from it. */
    public void opened(HttpConnection connection) {
        // A client that resets its connection does not concern the operator.
        connection.exceptionHandler(e -> log.debug("{}", e.toString()));
        Channel channel = ((ConnectionBase) connection).channel();
        if (closing) {
            channel.close();
            return;
        }
        if (!limit.tryOpen()) {
            channel.close();
            return;
        }
        open.add(channel);
        ConnectionWatch watch = new ConnectionWatch(channel, new Conversation(patience, LivedTime.nanos()), watched);
        channel.pipeline().replace("httpDecoder", "httpDecoder", new RequestDecoder(options, watch::received));
        channel.pipeline().addBefore("handler", "watch", watch);
        channel.closeFuture().addListener(closed -> {
            open.remove(channel);
            limit.closed();
            watched.remove(watch);
        });
    }

    private void sweep() {
        long now = LivedTime.nanos();
        List.copyOf(watched).stream().filter(watch -> watch.overdue(now)).forEach(ConnectionWatch::close);
    }

    /**
     * Closes all connections, upgraded ones too. What was written goes out first, if the client takes it within
     * {@code patience}.
     */
    public Future<Void> close(Duration patience) {
        closing = true;
        List<Future<Void>> closed = List.copyOf(open).stream().map(this::close).toList();
        long timer =
                vertx.setTimer(patience.toMillis(), ignored -> List.copyOf(open).forEach(ConnectionWatch::end));
        return Future.join(closed).<Void>mapEmpty().onComplete(done -> vertx.cancelTimer(timer));
    }

    private Future<Void> close(Channel channel) {
        Promise<Void> closed = ((ContextInternal) vertx.getOrCreateContext()).promise();
        channel.closeFuture().addListener(done -> closed.complete());
        channel.close();
        return closed.future();
    }
}
