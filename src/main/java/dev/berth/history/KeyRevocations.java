package dev.berth.history;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notifies of API keys that are revoked, whoever deletes or changes their rows (a trigger notifies). Uses a connection
 * of its own.
 */
public final class KeyRevocations {
    private static final String CHANNEL = "berth_key_gone";
    private static final long RECONNECT_MILLIS = 1_000;

    private final PgSubscriber subscriber;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Is called on any context. */
    public interface Listener {
        /** @param keyId of the revoked key */
        void revoked(long keyId);

        /** The connection is back: any key may have been revoked while it was lost. */
        void heardAgain();
    }

    public KeyRevocations(Vertx vertx, Database database) {
        subscriber = PgSubscriber.subscriber(vertx, database.connectOptions());
        subscriber
                .channel(CHANNEL)
                .subscribeHandler(listening -> listeners.forEach(Listener::heardAgain))
                .handler(keyId -> tell(Long.parseLong(keyId)));
    }

    /**
     * Completes when the connection listens; fails if it can't. Revocations during a lost connection are not notified
     * later, but the loss is.
     */
    public Future<Void> start() {
        // Reconnects only after the first success: before that, it would retry for ever without a word, and the server
        // would not start.
        return subscriber.connect().onSuccess(listening -> subscriber.reconnectPolicy(tries -> RECONNECT_MILLIS));
    }

    public Future<Void> close() {
        return subscriber.close();
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    private void tell(long keyId) {
        listeners.forEach(listener -> listener.revoked(keyId));
    }
}
