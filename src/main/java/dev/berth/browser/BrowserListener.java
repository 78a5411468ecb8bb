package dev.berth.browser;

import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.NetworkEntry;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Receives the events of one browser, in order, on the browser's context. */
public interface BrowserListener {
    void consoleLogged(ConsoleEntry entry);

    void requestFinished(NetworkEntry entry);

    /** A request has finished whose body the session keeps. */
    void requestFinished(NetworkEntry entry, ResponseBody body);

    /**
     * A top-level page has committed a document.
     *
     * @param pageId the page's target id
     * @param documentId as its requests name it
     */
    void pageNavigated(String pageId, String documentId, String url, Instant at);

    /**
     * The document that a page shows has loaded.
     *
     * @param whole whether it had its {@code load} event, or its {@code DOMContentLoaded}
     */
    void documentLoaded(String documentId, boolean whole, Instant at);

    /**
     * A page's address or title has changed.
     *
     * @param active whether commands act on this page
     */
    void pageChanged(String pageId, String url, String title, boolean active);

    /**
     * The browser's processes were measured, which is done once a second, and less often on a node with many.
     *
     * @param memoryBytes memory of the processes now: bytes
     * @param cores use of the processor since the measurement before: cores
     */
    void usageMeasured(long memoryBytes, double cores);

    /**
     * The browser has exceeded its memory limit.
     *
     * @param detail how much it takes and may take, for the user
     */
    void memoryOutgrown(String detail);

    /**
     * The browser has exceeded its disk limit, or the disk is full.
     *
     * @param detail how much it takes and may take, for the user
     */
    void diskOutgrown(String detail);

    /**
     * The browser has ended, and not by {@link Browser#close}.
     *
     * @param detail the cause, as far as it is known
     */
    void browserGone(String detail);

    /** Somebody has done something with mouse or keys: see {@link InputSources}. */
    void acted(PageAct act);

    /**
     * Files have been given to a field of a page. {@link #acted} follows, which for a field in an iframe may take some round trips to Chrome.
     *
     * @param act without the iframes that hold the field
     */
    void uploading(PageAct act);

    /** Berth has answered a JavaScript dialog. */
    void dialogAnswered(Dialog dialog);

    /**
     * A download is complete, or has failed.
     *
     * @return completes when the file is no longer needed; it is then deleted
     */
    Future<Void> downloadEnded(Download download);

    /**
     * The body of a response.
     *
     * @param read empty where it can't be had
     * @param missing why not
     */
    record ResponseBody(Optional<BodyEntry> read, String missing) {
        public static ResponseBody of(BodyEntry read) {
            return new ResponseBody(Optional.of(read), "");
        }

        public static ResponseBody missing(String why) {
            return new ResponseBody(Optional.empty(), why);
        }
    }

    /**
     * A JavaScript dialog.
     *
     * @param type {@code alert}, {@code confirm}, {@code prompt} or {@code beforeunload}
     * @param pageId the target id of its page
     * @param url the URL of its page
     */
    record Dialog(String pageId, String type, String message, String url, boolean accepted) {}

    /**
     * A file that the browser downloaded.
     *
     * @param id unique within the browser
     * @param pageId the target id of the page that started it, if it is known
     * @param fileName the name that the page or server suggested, without folders
     * @param take takes the file out of the browser's reach, once, and gives its path
     * @param at when it began
     * @param error why there is no file; empty if it is complete
     */
    record Download(
            String id,
            Optional<String> pageId,
            String url,
            String fileName,
            Supplier<Future<Path>> take,
            Instant at,
            Optional<String> error) {}
}
