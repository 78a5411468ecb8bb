package dev.berth.browser;

import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The browsers of a node's running sessions, for those who show them. Any thread may look one up. */
public final class Screens {
    private final Map<SessionId, ShownBrowser> shown = new ConcurrentHashMap<>();

    /**
     * A browser that can be shown.
     *
     * @param context on which all methods of the browser are called
     */
    public record ShownBrowser(Context context, Browser browser) {}

    public void add(SessionId id, Context context, Browser browser) {
        shown.put(id, new ShownBrowser(context, browser));
    }

    public void remove(SessionId id) {
        shown.remove(id);
    }

    public Optional<ShownBrowser> find(SessionId id) {
        return Optional.ofNullable(shown.get(id));
    }
}
