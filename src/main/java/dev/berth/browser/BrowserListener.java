package dev.berth.browser;

import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.NetworkEntry;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

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
     * It takes more of the machine's memory than it may.
     *
     * @param detail how much
     */
    void memoryOutgrown(String detail);

    /**
     * It takes more of the machine's disk than it may.
     *
     * @param detail how much
     */
    void diskOutgrown(String detail);

    /**
     * The browser is gone, unasked.
     *
     * @param detail what is known of it
     */
    void browserGone(String detail);

    /** A JavaScript dialog was answered by Berth. */
    void dialogAnswered(Dialog dialog);

    /**
     * A download is complete, or never will be.
     *
     * @return completes when its file is not needed any longer; it is removed then
     */
    Future<Void> downloadEnded(Download download);

    /**
     * A JavaScript dialog.
     *
     * @param type {@code alert}, {@code confirm}, {@code prompt} or {@code beforeunload}
     * @param pageId which page's it was
     * @param url of the page
     */
    record Dialog(String pageId, String type, String message, String url, boolean accepted) {}

    /**
     * A file that a page gave.
     *
     * @param id names it within the browser
     * @param frameId the frame that it began in: of a page's own document the page's id
     * @param fileName as the page called it, without folders
     * @param file where its bytes are
     * @param at when it began
     * @param error why there is no file
     */
    record Download(
            String id, String frameId, String url, String fileName, Path file, Instant at, Optional<String> error) {}
}
