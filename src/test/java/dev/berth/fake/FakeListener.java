package dev.berth.fake;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.PageAct;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.NetworkEntry;
import io.vertx.core.Future;
import java.time.Instant;

/** Hears a browser, and does nothing about it; a test overrides what it is about. */
public class FakeListener implements BrowserListener {
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
    public void usageMeasured(long memoryBytes, double cores) {}

    @Override
    public void memoryOutgrown(String detail) {}

    @Override
    public void diskOutgrown(String detail) {}

    @Override
    public void browserGone(String detail) {}

    @Override
    public void acted(PageAct act) {}

    @Override
    public void uploading(PageAct act) {}

    @Override
    public void dialogAnswered(Dialog dialog) {}

    @Override
    public Future<Void> downloadEnded(Download download) {
        return Future.succeededFuture();
    }
}
