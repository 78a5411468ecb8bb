package dev.berth.browser;

import dev.berth.browser.Screencast.Watching;
import io.vertx.core.Context;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/** The mouse of a browser, by whomever it is moved: Chrome's pictures do not show it. */
public final class Pointer {
    private final Context context;
    private final Set<Consumer<Moved>> listeners = new CopyOnWriteArraySet<>();

    /**
     * The mouse was moved or used on a page, or a finger touched it.
     *
     * @param pageId the page's target id
     * @param x in CSS pixels from the left of the page's viewport
     * @param y likewise from its top
     * @param pressed whether a button is held, or the finger is down
     */
    public record Moved(String pageId, double x, double y, boolean pressed) {}

    /** @param context the browser's */
    public Pointer(Context context) {
        this.context = context;
    }

    /** Any thread may call. Costs nothing while nobody listens. */
    public void tell(Moved moved) {
        if (!listeners.isEmpty()) {
            context.runOnContext(ignored -> listeners.forEach(listener -> listener.accept(moved)));
        }
    }

    /** @param moves is called on the browser's context; a listener of its own for each call */
    public Watching watch(Consumer<Moved> moves) {
        listeners.add(moves);
        return () -> listeners.remove(moves);
    }
}
