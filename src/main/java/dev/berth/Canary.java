package dev.berth;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.Launched;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** A Chrome that is launched only to see that it can be. */
final class Canary implements BrowserListener {
    private Canary() {}

    /** The product and version of the Chrome that came up. */
    static Future<String> version(BrowserLauncher launcher) {
        SessionOptions options = new SessionOptions(
                SessionOptions.CHROMIUM,
                Viewport.DEFAULT,
                new SessionTimeouts(0, 0, 0),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return launcher.launch(options, Optional.empty(), new Canary(), Future.future(never -> {}))
                .map(Launched::browser)
                .compose(browser -> browser.close().map(browser.version()));
    }

    @Override
    public void consoleLogged(ConsoleEntry entry) {}

    @Override
    public void requestFinished(NetworkEntry entry) {}

    @Override
    public void requestFinished(NetworkEntry entry, ResponseBody body) {}

    @Override
    public void pageNavigated(String pageId, String documentId, String url, Instant at) {}

    @Override
    public void documentLoaded(String documentId, boolean whole, Instant at) {}

    @Override
    public void pageChanged(String pageId, String url, String title, boolean active) {}

    @Override
    public void dialogAnswered(Dialog dialog) {}

    @Override
    public Future<Void> downloadEnded(Download download) {
        return Future.succeededFuture();
    }

    @Override
    public void usageMeasured(long memoryBytes, double cores) {}

    @Override
    public void memoryOutgrown(String detail) {}

    @Override
    public void diskOutgrown(String detail) {}

    @Override
    public void browserGone(String detail) {}
}
