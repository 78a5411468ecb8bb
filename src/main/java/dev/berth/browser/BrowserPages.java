package dev.berth.browser;

import dev.berth.protocol.PageOutcome.PageEntry;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The open pages of a browser. Lives on the browser's context. */
public interface BrowserPages {
    /** The target id of the page that commands act on by default; empty if no page is open. */
    Optional<String> active();

    /** The open pages, in the order in which they were opened. */
    List<PageEntry> list();

    /** Opens a blank page, which becomes the active one. Completes when it is watched. */
    Future<PageEntry> open(long timeoutMillis);

    /** Makes a page the active one. Throws {@code not_found} if there is no such page. */
    Future<PageEntry> activate(String pageId, long timeoutMillis);

    /** Closes a page. Completes with the page that is active then. Throws {@code not_found} if there is no such page. */
    Future<PageEntry> close(String pageId, long timeoutMillis);

    /** Reads again what Chrome has no event for, such as a title that a script changed, and tells the listener of changes. */
    void refresh();
}
