package dev.berth.browser.drive;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.drive.command.Hands;
import dev.berth.browser.drive.element.Mice;
import dev.berth.browser.drive.snapshot.Snapshots;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.watch.page.Pages;
import io.vertx.core.Vertx;

/** What the drivers of one browser share. */
record DriverParts(
        Vertx vertx,
        Hands hands,
        Pages pages,
        CdpConnection connection,
        BrowserFiles files,
        Interruptions interruptions,
        Arrivals arrivals,
        Snapshots snapshots,
        Mice mice) {}
