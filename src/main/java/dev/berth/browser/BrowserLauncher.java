package dev.berth.browser;

import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserKind;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Launches browsers. */
public interface BrowserLauncher {
    /**
     * Launches a browser with one page, which is watched from its first byte. Futures and listener run on the caller's context, which
     * is that of the warm browser where one is given. Fails with {@link LaunchException}, and then leaves no process or folder behind.
     *
     * @param warm the browser to take; another one is launched where it fails, or where none is given. A warm browser is discarded if
     *     {@link LaunchSpec#hasFiles}
     */
    Future<Launched> launch(Optional<WarmBrowser> warm, LaunchSpec spec);

    /** A browser of this kind for the caller alone; empty where none is ready. Any thread may call. */
    default Optional<WarmBrowser> takeWarm(BrowserKind kind) {
        return Optional.empty();
    }

    /** Why the machine has no room for another browser; empty while it has. Any thread may call. */
    default Optional<String> full() {
        return Optional.empty();
    }

    /**
     * Throws {@link BerthException} that names the option, where this machine has no such browser, or can't hold one to it. Any thread may
     * call.
     */
    default void requireHeld(SessionOptions options) {}

    /** The number of launched browsers that no session has adopted yet. Any thread may call. */
    default int warm() {
        return 0;
    }

    /**
     * The specification of a session's browser.
     *
     * @param profile the profile that the browser begins with
     * @param extensions in full Chrome
     * @param opening the page's first navigation, which is quicker than one that follows a blank page. If the browser refuses
     *     the URL, that navigation fails, but not the launch
     * @param listener hears of the browser, on the context of the launch
     * @param abort completes when the browser is no longer wanted: a launch in progress then fails at once
     */
    record LaunchSpec(
            SessionOptions options,
            Optional<SavedProfile> profile,
            List<BrowserExtension> extensions,
            Optional<Navigate> opening,
            BrowserListener listener,
            Future<Void> abort) {
        /** Whether files are to be in the browser's folder before the browser is started. */
        public boolean hasFiles() {
            return !extensions.isEmpty()
                    || profile.filter(SavedProfile::hasFolders).isPresent();
        }
    }

    /**
     * A launched browser.
     *
     * @param firstPage the outcome of the first navigation, which is in progress; empty if none was asked for. Completes on the
     *     browser's context, and fails as {@link BrowserDriver#navigate} does
     */
    record Launched(Browser browser, Optional<Future<Navigated>> firstPage) {}

    /** A browser could not be launched; the message gives Chrome's own reason, if there is one. */
    final class LaunchException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public LaunchException(String message) {
            super(message);
        }

        public LaunchException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A browser that is up, and that no session has. Whoever took it launches with it, or discards it. */
    interface WarmBrowser {
        /** The context on which the browser lives, and its session is to live. */
        Context context();

        /**
         * Makes the warm browser a session's, on its own context: see {@link BrowserLauncher#launch}. The browser is gone where this fails.
         *
         * @param spec a spec without files
         */
        Future<Launched> adopt(LaunchSpec spec);

        /** Ends its processes, then removes its profile. Any thread may call. */
        Future<Void> discard();
    }
}
