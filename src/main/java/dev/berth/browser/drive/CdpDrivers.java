package dev.berth.browser.drive;

import dev.berth.browser.Pointer;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.drive.command.Hands;
import dev.berth.browser.drive.element.Mouse.Mice;
import dev.berth.browser.drive.element.PageScript;
import dev.berth.browser.drive.snapshot.Snapshots;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.watch.page.ActRecorder;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import io.vertx.core.Vertx;

/** Makes a driver for each verb, with the page that it acts on. Lives on the browser's context. */
public final class CdpDrivers {
    /** What documents tell acts by: it names elements as the verbs do. */
    public static final ActRecorder.Script RECORDER =
            new ActRecorder.Script(PageScript.recorder(ActRecorder.TELLER), PageScript.methodWithin("described"));

    private final Parts parts;

    public CdpDrivers(
            Vertx vertx,
            Hands hands,
            Pages pages,
            CdpConnection connection,
            BrowserFiles files,
            Interruptions interruptions,
            Pointer pointer) {
        this.parts = new Parts(
                vertx,
                hands,
                pages,
                connection,
                files,
                interruptions,
                new Arrivals(vertx, pages, connection),
                new Snapshots(vertx, connection, pages),
                new Mice(pointer));
    }

    public CdpDriver on(PageTarget page) {
        return new CdpDriver(parts, page);
    }

    /** What the drivers of one browser share. */
    record Parts(
            Vertx vertx,
            Hands hands,
            Pages pages,
            CdpConnection connection,
            BrowserFiles files,
            Interruptions interruptions,
            Arrivals arrivals,
            Snapshots snapshots,
            Mice mice) {}
}
