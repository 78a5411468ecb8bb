package dev.berth;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.Launched;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Knows whether browsers come up: the last one tells, and where that one did not, another is tried. Any thread may call. */
final class LaunchWatch implements BrowserLauncher {
    /** Trying takes the processor from those that work. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final BrowserLauncher launcher;
    private final Supplier<Future<?>> attempt;
    private volatile boolean failing;
    private long triedAtNanos = System.nanoTime() - REST_NANOS;
    private Future<?> trying = Future.succeededFuture();

    /** @param attempt launches one, for nobody */
    LaunchWatch(BrowserLauncher launcher, Supplier<Future<?>> attempt) {
        this.launcher = launcher;
        this.attempt = attempt;
    }

    @Override
    public Future<Launched> launch(
            SessionOptions options, Optional<Navigate> opening, BrowserListener listener, Future<Void> abort) {
        // One that was called off, or for which there is no room, tells nothing: of those before it, too, it changes
        // nothing.
        return launcher.launch(options, opening, listener, abort)
                .onSuccess(launched -> failing = false)
                .onFailure(
                        e -> failing |= !abort.isComplete() && launcher.full().isEmpty());
    }

    @Override
    public Optional<String> full() {
        return launcher.full();
    }

    @Override
    public int warm() {
        return launcher.warm();
    }

    /** Fails where browsers do not come up now. */
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
