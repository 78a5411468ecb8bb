package dev.berth.access;

import dev.berth.database.Notifications;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of API keys, or of links, that are revoked, whoever deletes or changes their rows (triggers notify). A notification is lost with
 * its connection: when that is back, and now and then, Postgres is asked for all ids that somebody holds. They stay valid until it has
 * answered. For any thread.
 */
public final class Revocations {
    private static final Logger log = LoggerFactory.getLogger(Revocations.class);
    /** Bounds how long a revocation is missed where the connection to Postgres is lost unnoticed. */
    public static final long REVIEW_MILLIS = 600_000;

    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final Function<Collection<Long>, Future<Set<Long>>> findIds;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean retrying = new AtomicBoolean();

    /** Holds ids of keys or links that it takes for valid. Is called on any thread. */
    public interface Listener {
        Set<Long> held();

        void revoked(long id);

        /** The rights, limits or expiry of this key were changed, or may have been while the connection to Postgres was lost. */
        default void changed(long id) {}
    }

    /** @param findIds gives those of the ids that are in Postgres */
    Revocations(Vertx vertx, Function<Collection<Long>, Future<Set<Long>>> findIds) {
        this.vertx = vertx;
        this.findIds = findIds;
    }

    public static Revocations ofKeys(Vertx vertx, Notifications notifications, KeyRepository keys) {
        Revocations revocations = new Revocations(vertx, keys::findIds).toldBy(notifications, "berth_key_gone");
        notifications.listen("berth_key_changed", id -> revocations.tellChanged(Long.parseLong(id)), () -> {});
        return revocations;
    }

    public static Revocations ofLinks(Vertx vertx, Notifications notifications, ShareLinkRepository links) {
        return new Revocations(vertx, links::findIds).toldBy(notifications, "berth_link_gone");
    }

    private Revocations toldBy(Notifications notifications, String channel) {
        notifications.listen(channel, id -> tell(Long.parseLong(id)), this::review);
        return this;
    }

    /** Adds a listener. The listeners are told in the order in which they were added. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Asks now and then, as long as the verticle of the current context runs. */
    public void reviewRegularly() {
        vertx.setPeriodic(REVIEW_MILLIS, ignored -> review());
    }

    void review() {
        Set<Long> held = new HashSet<>();
        listeners.forEach(listener -> held.addAll(listener.held()));
        if (held.isEmpty()) {
            return;
        }
        findIds.apply(held)
                .onSuccess(there -> {
                    held.removeAll(there);
                    held.forEach(this::tell);
                    // A change may have been missed as well as a revocation.
                    there.forEach(this::tellChanged);
                })
                .onFailure(this::retry);
    }

    private void retry(Throwable e) {
        log.debug("revoked keys and links could not be read: {}", e.getMessage());
        if (retrying.compareAndSet(false, true)) {
            vertx.setTimer(RETRY_MILLIS, ignored -> {
                retrying.set(false);
                review();
            });
        }
    }

    private void tellChanged(long id) {
        listeners.forEach(listener -> listener.changed(id));
    }

    private void tell(long id) {
        listeners.forEach(listener -> listener.revoked(id));
    }
}
