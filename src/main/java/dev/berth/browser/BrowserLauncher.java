package dev.berth.browser;

import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import java.util.Optional;

/** Launches browsers. */
public interface BrowserLauncher {
    /**
     * Launches a browser with one page, which is watched from its first byte. Futures and listener run on the caller's context, which
     * is that of the warm one where there is one.
     * Fails with {@link LaunchException}, and then leaves no process or folder behind.
     *
     * @param warm the one to take; another one is launched where it fails, or where there is none
     * @param opening the page's first navigation, which is quicker than one that follows a blank page. If the browser refuses
     *     the URL, that navigation fails, but not the launch
     * @param abort completes when the browser is no longer wanted: a launch in progress then fails at once
     */
    Future<Launched> launch(
            Optional<WarmBrowser> warm,
            SessionOptions options,
            Optional<Navigate> opening,
            BrowserListener listener,
            Future<Void> abort);

    /** The same without a warm one. */
    default Future<Launched> launch(
            SessionOptions options, Optional<Navigate> opening, BrowserListener listener, Future<Void> abort) {
        return launch(Optional.empty(), options, opening, listener, abort);
    }

    /** A browser for the caller alone; empty where none is ready. Any thread may call. */
    default Optional<WarmBrowser> takeWarm() {
        return Optional.empty();
    }

    /** Why the machine has no room for another browser; empty while it has. Any thread may call. */
    default Optional<String> full() {
        return Optional.empty();
    }

    /** The number of launched browsers that no session has adopted yet. Any thread may call. */
    default int warm() {
        return 0;
    }
}
