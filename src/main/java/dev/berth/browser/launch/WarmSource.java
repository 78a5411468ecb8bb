package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher;
import io.vertx.core.Future;

/** Where the pool gets its Chromes, and a session's if none is warm. */
interface WarmSource extends BrowserLauncher {
    /**
     * A Chrome with a blank page that no session has, and that has done what its session would wait for otherwise. It lives on a context
     * of its own. Leaves nothing behind if it fails.
     *
     * @param abort completes if it is no longer wanted
     */
    Future<WarmChrome> prepare(Future<Void> abort);
}
