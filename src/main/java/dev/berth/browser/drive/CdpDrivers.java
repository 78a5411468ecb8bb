package dev.berth.browser.drive;

import dev.berth.browser.Pointer;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.drive.command.Hands;
import dev.berth.browser.drive.element.DomVerbs;
import dev.berth.browser.drive.element.ElementActs;
import dev.berth.browser.drive.element.KeyVerbs;
import dev.berth.browser.drive.element.Mouse.MouseStates;
import dev.berth.browser.drive.element.MouseVerbs;
import dev.berth.browser.drive.element.PageScript;
import dev.berth.browser.drive.snapshot.Snapshots;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.watch.page.ActRecorder;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import io.vertx.core.Vertx;

/** Makes a driver for each verb, with the page that it acts on. Lives on the browser's context. */
public final class CdpDrivers {
    /** The script by which documents report acts: it names elements as the verbs do. */
    public static final ActRecorder.Script RECORDER =
            new ActRecorder.Script(PageScript.recorder(ActRecorder.BINDING), PageScript.methodWithin("described"));

    private final Parts parts;

    public CdpDrivers(
            Vertx vertx,
            Hands hands,
            Pages pages,
            CdpConnection connection,
            BrowserFiles files,
            Interruptions interruptions,
            Pointer pointer) {
        Arrivals arrivals = new Arrivals(vertx, pages, connection);
        Snapshots snapshots = new Snapshots(vertx, connection, pages);
        ElementActs acts = new ElementActs(pages, snapshots);
        DomVerbs elements = new DomVerbs(pages, acts, files);
        this.parts = new Parts(
                hands,
                pages,
                new Navigations(interruptions, arrivals),
                new HistoryMoves(interruptions, arrivals),
                elements,
                new MouseVerbs(acts, new MouseStates(pointer)),
                new KeyVerbs(acts),
                new Evaluations(connection, pages, interruptions),
                snapshots,
                new Screenshots(vertx, connection, elements),
                new Pdfs(vertx, connection),
                new Cookies(connection));
    }

    public CdpDriver on(PageTarget page) {
        return new CdpDriver(parts, page);
    }

    /** The parts that the drivers of one browser share. */
    record Parts(
            Hands hands,
            Pages pages,
            Navigations navigations,
            HistoryMoves history,
            DomVerbs elements,
            MouseVerbs mouse,
            KeyVerbs keys,
            Evaluations evaluations,
            Snapshots snapshots,
            Screenshots screenshots,
            Pdfs pdfs,
            Cookies cookies) {}
}
