package dev.berth.browser;

import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import java.util.Optional;

/** Starts browsers. */
public interface BrowserLauncher {
    /**
     * A new browser with one page, watched from its first byte. All callbacks come on the caller's context. Fails with
     * {@link LaunchException}, and leaves nothing behind.
     *
     * @param firstUrl where the page will be sent first: it may be on its way there already, which is quicker than by way of a
     *     blank page; {@link BrowserDriver#navigate} tells how that goes. One that Chrome does not take is left to it
     * @param abort completes where the browser is no longer wanted: a launch under way then fails at once
     */
    Future<Browser> launch(
            SessionOptions options, Optional<String> firstUrl, BrowserListener listener, Future<Void> abort);

    /** Why the machine bears no browser more, where it does not. Any thread may call. */
    default Optional<String> full() {
        return Optional.empty();
    }

    /** How many browsers are up that nobody has asked for yet. Any thread may call. */
    default int warm() {
        return 0;
    }
}
