package dev.berth.browser;

import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import java.util.Optional;

/** Starts browsers. */
public interface BrowserLauncher {
    /**
     * A new browser with one page, watched from its first byte. All callbacks come on the caller's context. Fails with
     * {@link LaunchException}, and leaves nothing behind.
     *
     * @param opening where the page goes first, which is quicker than by way of a blank page. A URL that the browser refuses fails
     *     this navigation, not the launch
     * @param abort completes when the browser is no longer wanted: a launch under way then fails at once
     */
    Future<Launched> launch(
            SessionOptions options, Optional<Navigate> opening, BrowserListener listener, Future<Void> abort);

    /** Why the machine bears no browser more, where it does not. Any thread may call. */
    default Optional<String> full() {
        return Optional.empty();
    }

    /** How many browsers are up that nobody has asked for yet. Any thread may call. */
    default int warm() {
        return 0;
    }
}
