package dev.berth.browser;

import dev.berth.protocol.ActionEntry.ActionSource;
import io.vertx.core.Future;

/**
 * Who uses the mouse and keys of a browser. From the first time on, its pages tell what is done there ({@link BrowserListener#acted}), and
 * that is said of who used them last. Verbs are no part of it: they know what they do.
 */
public interface InputSources {
    /**
     * To be called before each use of a page's mouse or keys. Any thread may call; completes on any when the pages tell, which is at once but
     * for the first time. Never fails.
     */
    Future<Void> uses(String pageId, ActionSource source);
}
