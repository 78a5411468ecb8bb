package dev.berth.browser;

import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Optional;

/** A browser that is up, and that no session has. Whoever took it launches with it, or discards it. */
public interface WarmBrowser {
    /** Where it lives, and its session is to live. */
    Context context();

    /** Makes it a session's: see {@link BrowserLauncher#launch}. On its context. It is gone where this fails. */
    Future<Launched> adopt(
            SessionOptions options, Optional<Navigate> opening, BrowserListener listener, Future<Void> abort);

    /** Ends its processes, then removes its profile. Any thread may call. */
    Future<Void> discard();
}
