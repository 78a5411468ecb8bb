package dev.berth.browser.watch;

import dev.berth.browser.BrowserClients;
import dev.berth.browser.BrowserDriver.StartedDownload;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.BrowserRoutes;
import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.Deadline;
import dev.berth.browser.InputSources;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.storage.BrowserState;
import dev.berth.browser.watch.console.ConsoleTracker;
import dev.berth.browser.watch.network.DownloadTracker;
import dev.berth.browser.watch.network.NetworkWatcher;
import dev.berth.browser.watch.page.ActRecorder;
import dev.berth.browser.watch.page.Dialogs;
import dev.berth.browser.watch.page.OpeningPage;
import dev.berth.browser.watch.page.PageControl;
import dev.berth.browser.watch.page.PageParts;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.browser.watch.target.TargetWatcher;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.AllowedDomains;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.FileCommand.FileName;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The eyes: attached to every page, cross-site iframe and worker of one Chrome, before its first byte, also to those that CDP
 * clients open. Turns CDP events into calls of a {@link BrowserListener}. Lives on the browser's context.
 */
public final class ChromeWatcher {
    private final Vertx vertx;
    private final Eyes eyes;
    private final CdpConnection connection;
    private final TargetWatcher targets;
    private final NetworkWatcher network;
    private final Pages pages;
    private final ConsoleTracker console;
    private final PageParts parts = new PageParts();
    private final WatchedClients clients;
    private final ActRecorder acts;
    private final Dialogs dialogs;
    private final DownloadTracker downloads;
    private final OpeningPage firstPage;
    private final BrowserState state;
    private Consumer<CdpEvent> onChooser = event -> {};
    /** Whether the attached events are of targets that run already, prepared in advance. */
    private boolean warm;

    /**
     * @param extensions that the browser begins with
     * @param state of the browser, of these pages
     */
    public ChromeWatcher(
            Vertx vertx,
            Eyes eyes,
            SessionOptions options,
            ExtensionOrigins extensions,
            Function<Pages, BrowserState> state,
            BrowserFiles files,
            ConnectionOutcomes outcomes,
            ActRecorder.Script recorder,
            BrowserListener listener) {
        this.vertx = vertx;
        this.eyes = eyes;
        this.connection = eyes.connection();
        this.targets = new TargetWatcher(vertx, connection, eyes.version(), options, files.downloads(), this::stopped);
        this.firstPage = new OpeningPage(targets.setup(), LoopPromise.here(vertx));
        this.pages = new Pages(vertx, connection, listener, firstPage, parts, extensions);
        this.state = state.apply(pages);
        this.acts = new ActRecorder(vertx.getOrCreateContext(), connection, parts, pages, recorder, listener);
        this.dialogs = new Dialogs(vertx, connection, pages, listener::dialogAnswered);
        this.clients = new WatchedClients(connection, targets.contexts(), targets.holds(), dialogs);
        this.console = new ConsoleTracker(connection, parts::ofSession, outcomes, listener::consoleLogged);
        this.network = new NetworkWatcher(
                vertx,
                connection,
                options,
                extensions,
                parts::ofSession,
                outcomes,
                targets.guard()::renewAll,
                pages::responded,
                listener);
        this.downloads = new DownloadTracker(
                files::take,
                files.maxDownloadBytes(),
                targets.contexts()::cancel,
                files::drop,
                listener::downloadEnded);
        connection.onEvent(this::handle);
    }

    /**
     * Completes when the first page is watched.
     *
     * @param newPage the URL of a page to create; empty if Chrome has opened a page by itself
     * @param before does what is to be done once all targets are watched, and before that page is created
     */
    public Future<Void> start(Optional<String> newPage, Supplier<Future<Void>> before) {
        connection.closed().onSuccess(gone -> firstPage.gone("the browser is gone"));
        Future<?> ready = network.start();
        Future<Void> discovered = eyes.attached().map(this::takeOver).orElseGet(targets.setup()::discover);
        Future<Void> prepared = before.get().onSuccess(done -> newPage.ifPresent(firstPage::open));
        return Future.all(ready, discovered, prepared).compose(done -> firstPage.watched());
    }

    private Future<Void> takeOver(List<CdpEvent> attached) {
        warm = true;
        attached.forEach(this::handle);
        warm = false;
        return Future.succeededFuture();
    }

    /** The page that {@link #start} created for its URL, once its navigation has started. */
    public Optional<PageTarget> firstNavigation() {
        return firstPage.navigating();
    }

    /** @param handler hears Chrome's event {@code Page.fileChooserOpened} of any page: it comes where choosers are intercepted */
    public void onFileChooser(Consumer<CdpEvent> handler) {
        onChooser = handler;
    }

    public InputSources inputSources() {
        return acts;
    }

    public BrowserClients clients() {
        return clients;
    }

    public Pages pages() {
        return pages;
    }

    public PageControl pageControl() {
        return new PageControl(connection, pages, targets.setup());
    }

    public Future<Emulation> emulate(Emulate change, Deadline deadline) {
        return targets.emulate(change, pages.active().map(PageTarget::sessionId), deadline);
    }

    /** Limits the hosts that navigations may go to from now on: see {@link AllowedDomains}. Completes when the limit holds everywhere. */
    public Future<Void> restrict(AllowedDomains domains) {
        return targets.guard().restrict(domains);
    }

    public BrowserRoutes routes() {
        return network.interception();
    }

    private void stopped(String sessionId, String url) {
        Optional<String> page = parts.ofSession(sessionId);
        page.flatMap(pages::byTarget).ifPresent(target -> pages.stopped(target, url));
        console.stopped(sessionId, url, targets.guard().allowed());
    }

    public BrowserState state() {
        return state;
    }

    public Dialogs dialogs() {
        return dialogs;
    }

    /** Reports what is in flight; the listener is not called afterwards. */
    public void stop() {
        connection.onEvent(event -> {});
        console.stop();
        network.stop();
        downloads.abandonAll("the session ended");
        dialogs.stop();
        targets.stop();
        pages.abandon("the session ended");
    }

    private void handle(CdpEvent event) {
        JsonObject params = event.params();
        switch (event.method()) {
            case "Target.attachedToTarget" -> attached(event.sessionId(), params);
            case "Target.detachedFromTarget" -> detached(event.sessionId(), params);
            case "Runtime.consoleAPICalled",
                    "Runtime.exceptionThrown",
                    "Runtime.executionContextsCleared",
                    "Log.entryAdded" -> console.handle(event);
            case "Runtime.bindingCalled" -> acts.called(event);
            case "Page.javascriptDialogOpening" -> {
                pages.dialogOpened(event.sessionId(), params.getString("type"), params.getString("message", ""));
                dialogs.opened(event.sessionId(), params);
            }
            case "Page.javascriptDialogClosed" -> {
                pages.dialogClosed(event.sessionId(), params.getBoolean("result", true));
                dialogs.closed(event.sessionId());
            }
            case "Page.fileChooserOpened" -> onChooser.accept(event);
            case "Fetch.requestPaused" -> {
                if (event.sessionId().equals(CdpConnection.BROWSER)) {
                    network.interception().paused(event);
                } else {
                    targets.guard().paused(event);
                }
            }
            case "Fetch.authRequired" -> network.interception().asked(event);
            case "Browser.downloadWillBegin" -> downloadBegins(params);
            case "Browser.downloadProgress" -> downloads.progresses(params);
            case "Page.frameAttached" -> {
                parts.frameAttached(event.sessionId(), params);
                acts.opened(params.getString("frameId"));
            }
            case "Page.frameDetached" -> parts.frameDetached(params);
            case "Page.frameNavigated" -> {
                state.navigated(params);
                if (parts.isRoot(event.sessionId(), params.getJsonObject("frame"))) {
                    network.documentGone(event.sessionId());
                    targets.navigated(event.sessionId());
                }
                handleOther(event);
            }
            default -> handleOther(event);
        }
    }

    private void downloadBegins(JsonObject event) {
        String frameId = event.getString("frameId", "");
        Optional<String> pageId = parts.ofFrame(frameId);
        downloads.begins(event, pageId);
        pages.downloadStarted(
                frameId,
                pageId.orElse(""),
                new StartedDownload(
                        event.getString("guid", ""), FileName.of(event.getString("suggestedFilename", "download"))));
    }

    private void handleOther(CdpEvent event) {
        if (event.method().startsWith("Network.")) {
            network.handle(event);
        }
        pages.handle(event);
        acts.handle(event);
        targets.handle(event);
    }

    private void attached(String parentSession, JsonObject params) {
        String sessionId = params.getString("sessionId");
        JsonObject target = params.getJsonObject("targetInfo");
        clients.targetTold();
        parts.attached(parentSession, sessionId, target);
        Future<Void> ready = targets.attached(parentSession, params, warm, () -> {
            acts.attached(sessionId, target);
            return state.attached(sessionId, target.getString("type"));
        });
        if ("page".equals(target.getString("type"))) {
            pages.opened(sessionId, target, ready);
            ready.onSuccess(done -> targets.prepared(sessionId));
        }
    }

    private void detached(String parentSession, JsonObject params) {
        String sessionId = params.getString("sessionId");
        targets.detached(parentSession, params);
        network.detached(sessionId);
        dialogs.closed(sessionId);
        console.detached(sessionId);
        acts.detached(sessionId);
        state.detached(sessionId);
        pages.detached(sessionId);
        parts.detached(sessionId);
    }
}
