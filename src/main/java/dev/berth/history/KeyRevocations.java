package dev.berth.history;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Hears of keys that are taken away, whoever deletes or changes their rows: Postgres tells. On a connection of its own. */
public final class KeyRevocations {
    private static final String CHANNEL = "berth_key_revoked";
    private static final long RECONNECT_MILLIS = 1_000;

    private final PgSubscriber subscriber;
    private final List<Consumer<byte[]>> listeners = new CopyOnWriteArrayList<>();

    public KeyRevocations(Vertx vertx, Database database) {
        subscriber = PgSubscriber.subscriber(vertx, database.connectOptions());
        subscriber.channel(CHANNEL).handler(hash -> tell(HexFormat.of().parseHex(hash)));
    }

    /** Completes when it listens, and fails where it can't. What happens while the connection is lost is not told afterwards. */
    public Future<Void> start() {
        // Before that it would try for ever, and the server not start, without a word.
        return subscriber.connect().onSuccess(listening -> subscriber.reconnectPolicy(tries -> RECONNECT_MILLIS));
    }

    public Future<Void> close() {
        return subscriber.close();
    }

    /** @param listener is given the key's hash, on any context */
    public void onRevoked(Consumer<byte[]> listener) {
        listeners.add(listener);
    }

    private void tell(byte[] hash) {
        listeners.forEach(listener -> listener.accept(hash));
    }
}
