package dev.berth.history;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notifies of API keys, and of links to live views, that are revoked, whoever deletes or changes their rows (triggers notify).
 * Uses a connection of its own.
 */
public final class KeyRevocations {
    private static final String KEYS = "berth_key_gone";
    private static final String LINKS = "berth_link_gone";
    private static final long RECONNECT_MILLIS = 1_000;

    private final PgSubscriber subscriber;
    private final List<Listener> ofKeys = new CopyOnWriteArrayList<>();
    private final List<Listener> ofLinks = new CopyOnWriteArrayList<>();

    /** Is called on any context. */
    public interface Listener {
        /** @param id of the revoked key or link */
        void revoked(long id);

        /** The connection is back: any may have been revoked while it was lost. */
        void heardAgain();
    }

    public KeyRevocations(Vertx vertx, Database database) {
        subscriber = PgSubscriber.subscriber(vertx, database.connectOptions());
        tell(KEYS, ofKeys);
        tell(LINKS, ofLinks);
    }

    private void tell(String channel, List<Listener> listeners) {
        subscriber
                .channel(channel)
                .subscribeHandler(listening -> listeners.forEach(Listener::heardAgain))
                .handler(id -> listeners.forEach(listener -> listener.revoked(Long.parseLong(id))));
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

    /** Hears of keys. */
    public void listen(Listener listener) {
        ofKeys.add(listener);
    }

    /** Hears of links: see {@link ShareLink}. */
    public void listenForLinks(Listener listener) {
        ofLinks.add(listener);
    }
}
