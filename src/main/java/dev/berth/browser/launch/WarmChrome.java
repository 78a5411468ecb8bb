package dev.berth.browser.launch;

import dev.berth.browser.WarmBrowser;
import io.vertx.core.Future;

/** A Chrome that is up and waits for a session. Any thread may call. */
interface WarmChrome extends WarmBrowser {
    boolean isAlive();

    /** Completes if its page answers, and fails otherwise. */
    Future<Void> answers();

    /** The memory of its processes. */
    Future<Long> bytes();

    long ageMillis();
}
