package dev.berth.history;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hears of keys that are taken away, whoever deletes or changes their rows: Postgres tells. On a connection of its own. */
public final class KeyRevocations {
    private static final String CHANNEL = "berth_key_gone";
    private static final long RECONNECT_MILLIS = 1_000;

    private final PgSubscriber subscriber;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Is told on any context. */
    public interface Listener {
        /** @param keyId of a key that is taken away */
        void revoked(long keyId);

        /** Postgres is heard again: any key may have been taken away since it was heard last. */
        void heardAgain();
    }

    public KeyRevocations(Vertx vertx, Database database) {
        subscriber = PgSubscriber.subscriber(vertx, database.connectOptions());
        subscriber
                .channel(CHANNEL)
                .subscribeHandler(listening -> listeners.forEach(Listener::heardAgain))
                .handler(keyId -> tell(Long.parseLong(keyId)));
    }

    /** Completes when it listens, and fails where it can't. What happens while the connection is lost is not told afterwards, but that it was. */
    public Future<Void> start() {
        // Before that it would try for ever, and the server not start, without a word.
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
