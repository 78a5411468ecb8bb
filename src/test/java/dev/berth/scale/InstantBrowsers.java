package dev.berth.scale;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.Launched;
import dev.berth.browser.WarmBrowser;
import dev.berth.fake.FakeBrowser;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Fake browsers that are up after as long as a warm Chrome takes. */
record InstantBrowsers(Vertx vertx) implements BrowserLauncher {
    private static final long LAUNCH_MILLIS = 25;

    @Override
    public Future<Launched> launch(
            Optional<WarmBrowser> warm,
            SessionOptions options,
            Optional<Navigate> opening,
            BrowserListener listener,
            Future<Void> abort) {
        return vertx.timer(LAUNCH_MILLIS, TimeUnit.MILLISECONDS)
                .map(up -> new Launched(new FakeBrowser(), Optional.empty()));
    }
}
