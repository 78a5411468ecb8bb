package dev.berth.fake;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.protocol.BrowserKind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Launches when a test says so. */
public final class FakeLauncher implements BrowserLauncher {
    private final LinkedBlockingQueue<Launch> launches = new LinkedBlockingQueue<>();
    private volatile Optional<String> full = Optional.empty();
    private volatile boolean deaf;
    private final Queue<WarmBrowser> warm = new ConcurrentLinkedQueue<>();

    /**
     * A launch under way.
     *
     * @param context where it was asked for
     */
    public record Launch(Context context, FakeBrowser browser, LaunchSpec spec, Promise<Launched> outcome) {
        public FakeBrowser succeeds() {
            outcome.complete(new Launched(browser, Optional.empty()));
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

    /** A warm browser that lives on {@code context}; the future completes when it is discarded. */
    public Future<Void> ready(Context context) {
        Promise<Void> gone = Promise.promise();
        warm.add(new WarmBrowser() {
            @Override
            public Context context() {
                return context;
            }

            @Override
            public Future<Launched> adopt(LaunchSpec spec) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Future<Void> discard() {
                gone.complete();
                return gone.future();
            }
        });
        return gone.future();
    }

    @Override
    public Optional<WarmBrowser> takeWarm(BrowserKind kind) {
        return Optional.ofNullable(warm.poll());
    }

    /** From now on a launch goes on where it is not wanted any more. */
    public void ignoreAborts() {
        deaf = true;
    }

    public void fill(String why) {
        full = Optional.of(why);
    }

    @Override
    public Future<Launched> launch(Optional<WarmBrowser> warm, LaunchSpec spec) {
        Launch launch = new Launch(Vertx.currentContext(), new FakeBrowser(), spec, Promise.promise());
        spec.abort().onSuccess(unwanted -> {
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
