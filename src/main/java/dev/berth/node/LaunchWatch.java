package dev.berth.node;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.SavedProfile;
import dev.berth.metrics.SessionCounts;
import dev.berth.protocol.Containment;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Knows whether browsers start: the last launch decides, and after a failed one the check tries a launch of its own.
 * Thread-safe.
 */
final class LaunchWatch implements BrowserLauncher {
    /** Least time between two tries: each takes processor time from running sessions. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final BrowserLauncher launcher;
    private final Supplier<Future<?>> attempt;
    private final SessionCounts counts;
    private volatile boolean failing;
    private long triedAtNanos = System.nanoTime() - REST_NANOS;
    private Future<?> trying = Future.succeededFuture();

    /** @param attempt launches a browser for no session */
    LaunchWatch(BrowserLauncher launcher, Supplier<Future<?>> attempt, SessionCounts counts) {
        this.launcher = launcher;
        this.attempt = attempt;
        this.counts = counts;
    }

    @Override
    public Future<Launched> launch(
            Optional<WarmBrowser> warm,
            SessionOptions options,
            Optional<SavedProfile> profile,
            Optional<Navigate> opening,
            BrowserListener listener,
            Future<Void> abort) {
        // An aborted launch, or one without room, says nothing: it leaves the result of earlier launches as it is.
        long begunNanos = System.nanoTime();
        return launcher.launch(warm, options, profile, opening, listener, abort)
                .onSuccess(launched -> {
                    failing = false;
                    counts.launched(System.nanoTime() - begunNanos, true);
                })
                .onFailure(e -> {
                    if (!abort.isComplete() && launcher.full().isEmpty()) {
                        failing = true;
                        counts.launched(System.nanoTime() - begunNanos, false);
                    }
                });
    }

    @Override
    public Optional<WarmBrowser> takeWarm() {
        return launcher.takeWarm();
    }

    @Override
    public Optional<String> full() {
        return launcher.full();
    }

    @Override
    public void requireHeld(Containment containment) {
        launcher.requireHeld(containment);
    }

    @Override
    public int warm() {
        return launcher.warm();
    }

    /** Fails if browsers do not start at present. */
    Future<?> check() {
        return failing ? tryAgain() : Future.succeededFuture();
    }

    private synchronized Future<?> tryAgain() {
        if (trying.isComplete() && System.nanoTime() - triedAtNanos >= REST_NANOS) {
            triedAtNanos = System.nanoTime();
            trying = attempt.get().onSuccess(up -> failing = false);
        }
        return trying;
    }
}
