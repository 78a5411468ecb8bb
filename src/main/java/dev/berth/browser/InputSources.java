package dev.berth.browser;

import dev.berth.protocol.ActionEntry.ActionSource;
import io.vertx.core.Future;

/**
 * The users of a browser's mouse and keys. From the first use on, the browser's pages report the acts there
 * ({@link BrowserListener#acted}), and each act is attributed to the latest user. Verbs don't count as users: they know their acts.
 */
public interface InputSources {
    /**
     * To be called before each use of a page's mouse or keys. Any thread may call; completes on any when the pages tell, which is at once but
     * for the first time. Never fails.
     */
    Future<Void> uses(String pageId, ActionSource source);
}
