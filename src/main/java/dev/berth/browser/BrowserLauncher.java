package dev.berth.browser;

import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;

/** Starts browsers. */
public interface BrowserLauncher {
    /**
     * A new browser with one blank page, watched from its first byte. All callbacks come on the caller's context. Fails
     * with {@link LaunchException}, and leaves nothing behind.
     *
     * @param abort completes where the browser is no longer wanted: a launch under way then fails at once
     */
    Future<Browser> launch(SessionId id, SessionOptions options, BrowserListener listener, Future<Void> abort);

    /** How many browsers are up that nobody has asked for yet. Any thread may call. */
    default int warm() {
        return 0;
    }
}
