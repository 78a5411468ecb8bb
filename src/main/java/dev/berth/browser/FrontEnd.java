package dev.berth.browser;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** The front end of Chrome's DevTools: a page, and the files that the page loads. For any event loop. */
public interface FrontEnd {
    /** The page, by its name in {@link #files}. */
    String PAGE = "inspector.html";

    /**
     * The files of the Chrome that is installed, some 590, by their paths; each is compressed with gzip, 5 MB in all. Takes a second or two.
     * Fails with {@link BrowserLauncher.LaunchException}, which says what to allow, where this machine can't give them.
     */
    Future<Map<String, Buffer>> files();
}
