package dev.berth.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.function.Consumer;

/** The notifications of Postgres for all parts of a node, on one connection of their own. */
public final class Notifications {
    private static final long RECONNECT_MILLIS = 1_000;

    private final PgSubscriber subscriber;

    public Notifications(Vertx vertx, Database database) {
        subscriber = PgSubscriber.subscriber(vertx, database.connectOptions());
    }

    /**
     * Listens on a channel. Both callbacks are called on any context.
     *
     * @param heardAgain the connection is there, or back: what was notified while it was lost is not told later
     */
    public void listen(String channel, Consumer<String> told, Runnable heardAgain) {
        subscriber
                .channel(channel)
                .subscribeHandler(listening -> heardAgain.run())
                .handler(told::accept);
    }

    /** Completes when the connection listens; fails if it can't. */
    public Future<Void> start() {
        // Reconnects only after the first success: before that, it would retry for ever without a word, and the server
        // would not start.
        return subscriber.connect().onSuccess(listening -> subscriber.reconnectPolicy(tries -> RECONNECT_MILLIS));
    }

    public Future<Void> close() {
        return subscriber.close();
    }
}
