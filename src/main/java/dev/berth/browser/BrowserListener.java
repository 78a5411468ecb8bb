package dev.berth.browser;

import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.NetworkEntry;
import java.time.Instant;

/** Hears what a browser does, in order, on the browser's context. */
public interface BrowserListener {
    void consoleLogged(ConsoleEntry entry);

    void requestFinished(NetworkEntry entry);

    /**
     * A top-level page has committed a document.
     *
     * @param pageId names the page within the browser
     */
    void pageNavigated(String pageId, String url, Instant at);

    /**
     * A page's address or title has changed.
     *
     * @param active whether it is the page that commands act on
     */
    void pageChanged(String pageId, String url, String title, boolean active);

    /**
     * The browser is gone, unasked.
     *
     * @param detail what is known of it
     */
    void browserGone(String detail);
}
