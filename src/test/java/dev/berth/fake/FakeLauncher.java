package dev.berth.fake;

import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.LaunchException;
import dev.berth.browser.Launched;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Launches when a test says so. */
public final class FakeLauncher implements BrowserLauncher {
    private final LinkedBlockingQueue<Launch> launches = new LinkedBlockingQueue<>();
    private volatile Optional<String> full = Optional.empty();
    private volatile boolean deaf;

    /** A launch under way. */
    public record Launch(
            FakeBrowser browser,
            Optional<Navigate> opening,
            BrowserListener listener,
            Future<Void> abort,
            Promise<Launched> outcome) {

        public FakeBrowser succeeds() {
            outcome.complete(new Launched(browser, Optional.empty()));
            return browser;
        }

        /** @param firstPage what comes of the first navigation */
        public FakeBrowser succeeds(Future<Navigated> firstPage) {
            outcome.complete(new Launched(browser, Optional.of(firstPage)));
            return browser;
        }
    }

    /** The next launch, which may have begun already. */
    public Launch next() throws InterruptedException {
        Launch next = launches.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was launched");
        }
        return next;
    }

    public boolean idle() {
        return launches.isEmpty();
    }

    /** From now on a launch goes on where it is not wanted any more. */
    public void ignoreAborts() {
        deaf = true;
    }

    public void fill(String why) {
        full = Optional.of(why);
    }

    @Override
    public Future<Launched> launch(
            SessionOptions options, Optional<Navigate> opening, BrowserListener listener, Future<Void> abort) {
        Launch launch = new Launch(new FakeBrowser(), opening, listener, abort, Promise.promise());
        abort.onSuccess(unwanted -> {
            if (!deaf) {
                launch.outcome().tryFail(new LaunchException("it was no longer wanted"));
            }
        });
        launches.add(launch);
        return launch.outcome().future();
    }

    @Override
    public Optional<String> full() {
        return full;
    }
}
