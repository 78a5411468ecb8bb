package dev.berth.history;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notifies of API keys, and of links to live views, that are revoked, whoever deletes or changes their rows (triggers notify).
 * Revocations during a lost connection are not notified later, but the loss is.
 */
public final class KeyRevocations {
    private static final String KEYS = "berth_key_gone";
    private static final String LINKS = "berth_link_gone";

    private final List<Listener> ofKeys = new CopyOnWriteArrayList<>();
    private final List<Listener> ofLinks = new CopyOnWriteArrayList<>();

    /** Is called on any context. */
    public interface Listener {
        /** @param id of the revoked key or link */
        void revoked(long id);

        /** The connection is back: any may have been revoked while it was lost. */
        void heardAgain();
    }

    public KeyRevocations(Notifications notifications) {
        tell(notifications, KEYS, ofKeys);
        tell(notifications, LINKS, ofLinks);
    }

    private static void tell(Notifications notifications, String channel, List<Listener> listeners) {
        notifications.listen(
                channel,
                id -> listeners.forEach(listener -> listener.revoked(Long.parseLong(id))),
                () -> listeners.forEach(Listener::heardAgain));
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
