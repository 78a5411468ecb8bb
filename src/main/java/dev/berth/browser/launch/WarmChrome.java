package dev.berth.browser.launch;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.Launched;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import java.util.Optional;

/** A Chrome that is up and waits for a session. */
interface WarmChrome {
    boolean isAlive();

    /** Does what its session would wait for otherwise. */
    Future<Void> warmUp();

    /** Completes if its page answers, and fails otherwise. Only after {@link #warmUp}. */
    Future<Void> answers();

    /** The memory of its processes. */
    Future<Long> bytes();

    long ageMillis();

    /** Makes it a session's, on the caller's context. It is gone if this fails. */
    Future<Launched> adopt(
            SessionOptions options, Optional<Navigate> opening, BrowserListener listener, Future<Void> abort);

    /** Ends its processes, then removes its profile. */
    Future<Void> discard();
}
