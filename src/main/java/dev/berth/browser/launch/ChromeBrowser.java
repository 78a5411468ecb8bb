package dev.berth.browser.launch;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserClients;
import dev.berth.browser.BrowserDriver;
import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.browser.BrowserExtension;
import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.BrowserPages;
import dev.berth.browser.BrowserRoutes;
import dev.berth.browser.BrowserStorage;
import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.InputSources;
import dev.berth.browser.Pointer;
import dev.berth.browser.SavedProfile;
import dev.berth.browser.Screen;
import dev.berth.browser.Screencast;
import dev.berth.browser.UploadFolder;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.drive.CdpDrivers;
import dev.berth.browser.drive.Interruptions;
import dev.berth.browser.drive.command.Hands;
import dev.berth.browser.process.ChromeProcess;
import dev.berth.browser.process.ExtensionFiles;
import dev.berth.browser.process.ResourceGuard;
import dev.berth.browser.screen.ChromeScreen;
import dev.berth.browser.screen.ChromeScreencast;
import dev.berth.browser.storage.BrowserState;
import dev.berth.browser.storage.ProfileState;
import dev.berth.browser.watch.ChromeWatcher;
import dev.berth.browser.watch.Eyes;
import dev.berth.loop.VertxScheduler;
import dev.berth.protocol.AllowedDomains;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running Chrome: process, eyes and hands together. */
final class ChromeBrowser implements Browser {
    private static final Logger log = LoggerFactory.getLogger(ChromeBrowser.class);
    private static final long STORAGE_MILLIS = 30_000;

    private final PreparedChrome chrome;
    private final ExtensionOrigins extensions;
    private final ConnectionOutcomes outcomes;
    private final CdpConnection connection;
    private final Liveness liveness;
    private final Future<JsonObject> version;
    private final ChromeWatcher watcher;
    private final Hands hands;
    private final Pointer pointer;
    private final ChromeScreencast screencast;
    private final ChromeScreen screen;
    private final CdpDrivers drivers;
    private final BrowserPages pages;
    private final BrowserState state;
    private final Promise<Void> closed = Promise.promise();
    /** Whether it has been told to end: nothing is heard of it any more. */
    private boolean leaving;

    private boolean closing;

    private ChromeBrowser(
            Vertx vertx, LaunchSpec spec, ProfileState saved, PreparedChrome chrome, Eyes eyes, ResourceGuard guard) {
        Context context = vertx.getOrCreateContext();
        this.chrome = chrome;
        this.extensions = BrowserExtension.origins(spec.extensions());
        this.outcomes = new ProxyOutcomes(chrome.proxy());
        this.connection = eyes.connection();
        this.liveness = new Liveness(context, chrome.process(), connection, guard, spec.listener());
        this.version = eyes.version();
        this.watcher = new ChromeWatcher(
                vertx,
                eyes,
                spec.options(),
                extensions,
                open -> new BrowserState(vertx, connection, chrome::connect, open, saved),
                chrome.files(),
                outcomes,
                CdpDrivers.RECORDER,
                spec.listener());
        this.hands = chrome.hands(watcher.pages());
        hands.onBegin(watcher.dialogs()::verbBegins);
        watcher.dialogs().whileVerbs(hands::isBusy);
        this.pointer = new Pointer(context);
        this.screen = new ChromeScreen(context, vertx, connection, watcher, chrome.files(), pointer);
        this.screencast = new ChromeScreencast(new VertxScheduler(vertx), chrome::connect, watcher.pages());
        this.pages = watcher.pageControl();
        this.state = watcher.state();
        this.drivers = new CdpDrivers(
                vertx,
                hands,
                watcher.pages(),
                connection,
                chrome.files(),
                new Interruptions(connection, watcher.dialogs(), spec.listener()),
                pointer);
    }

    /** Makes a Chrome a session's. Where this fails, the caller has to discard the Chrome. */
    static Future<Launched> adopt(
            Vertx vertx, LaunchSpec spec, ProfileState state, PreparedChrome chrome, Eyes eyes, ResourceGuard guard) {
        ChromeBrowser browser = new ChromeBrowser(vertx, spec, state, chrome, eyes, guard);
        Optional<Navigate> opening = spec.opening();
        Optional<String> newPage = chrome.hasBlankPage() ? Optional.empty() : opening.map(Navigate::url);
        return browser.begin(spec.options())
                .compose(begun -> Future.all(
                        browser.version, browser.watcher.start(newPage, () -> browser.load(spec.extensions()))))
                // Another Chrome may be launched for the same listener.
                .onFailure(e -> browser.watcher.stop())
                .map(up -> {
                    browser.liveness.watch();
                    return new Launched(browser, opening.map(browser::open));
                });
    }

    /** Prepares the browser before its first navigation. The options' cookies and storage come on top of the profile's. */
    private Future<?> begin(SessionOptions options) {
        Future<Void> restored = state.restore();
        return options.storageState()
                .<Future<?>>map(stored -> restored.compose(done -> state.set(stored, new Deadline(STORAGE_MILLIS)))
                        .recover(e -> Future.failedFuture(
                                new LaunchException("options.storageState can't be set: " + e.getMessage(), e))))
                .orElse(restored);
    }

    /** Only Berth loads extensions: clients are refused the domain. */
    private Future<Void> load(List<BrowserExtension> wanted) {
        return wanted.isEmpty()
                ? Future.succeededFuture()
                : Future.join(wanted.stream().map(this::load).toList()).mapEmpty();
    }

    private Future<?> load(BrowserExtension wanted) {
        String path =
                ExtensionFiles.folder(chrome.process().home(), wanted.id()).toString();
        return connection
                .send(CdpConnection.BROWSER, "Extensions.loadUnpacked", new JsonObject().put("path", path))
                .recover(e -> Future.failedFuture(new LaunchException(
                        "its extension '" + wanted.name() + "' can't be loaded: "
                                + ChromeProcess.withoutPaths(e.getMessage()),
                        e)));
    }

    /** A page that was made for the URL goes there already; any other one is sent there. */
    private Future<Navigated> open(Navigate opening) {
        return watcher.firstNavigation()
                .map(page -> drivers.on(page).arrive(opening))
                .or(() -> watcher.pages().active().map(page -> drivers.on(page).navigate(opening)))
                .orElseGet(() -> Future.failedFuture(Failures.noPage()));
    }

    @Override
    public Future<Void> presence() {
        return liveness.presence();
    }

    @Override
    public Future<Probe> probe() {
        return liveness.probe(watcher.pages().active());
    }

    @Override
    public String version() {
        return version.result().getString("product");
    }

    @Override
    public long pid() {
        return chrome.process().handle().pid();
    }

    @Override
    public BrowserPages pages() {
        return pages;
    }

    @Override
    public BrowserDriver driver(String pageId) {
        return drivers.on(watcher.pages().require(pageId));
    }

    @Override
    public Pointer pointer() {
        return pointer;
    }

    @Override
    public InputSources inputSources() {
        return watcher.inputSources();
    }

    @Override
    public Screencast screencast() {
        return screencast;
    }

    @Override
    public Screen screen() {
        return screen;
    }

    @Override
    public void answerDialogs(boolean accept, Optional<String> promptText) {
        watcher.dialogs().answer(accept, promptText);
    }

    @Override
    public Future<Emulation> emulate(Emulate change) {
        return watcher.emulate(change, new Deadline(change.timeout()));
    }

    @Override
    public BrowserRoutes routes() {
        return watcher.routes();
    }

    @Override
    public Future<Void> restrict(AllowedDomains domains) {
        domains.patterns().ifPresent(chrome.proxy()::restrict);
        return watcher.restrict(domains);
    }

    @Override
    public BrowserStorage storage() {
        return state;
    }

    @Override
    public BrowserClients clients() {
        return watcher.clients();
    }

    @Override
    public ConnectionOutcomes outcomes() {
        return outcomes;
    }

    @Override
    public Traffic traffic() {
        return chrome.proxy().traffic();
    }

    @Override
    public void limitTraffic(long bytes, String reason) {
        chrome.proxy().limit(bytes, reason);
    }

    @Override
    public UploadFolder uploads() {
        return chrome.files();
    }

    @Override
    public CdpEndpoint endpoint() {
        return new CdpEndpoint(
                chrome.process().name(),
                Optional.of(chrome.files().downloads().toString()),
                Optional.of(chrome.files().uploaded().toString()),
                extensions);
    }

    @Override
    public Future<SavedProfile.Contents> saveProfile(SavedProfile.Destination destination) {
        return state.save().compose(read -> {
            leave();
            Future<SavedProfile.Contents> saved = chrome.save(read, destination);
            // Chrome may be gone before its answer is there.
            connection
                    .send(CdpConnection.BROWSER, "Browser.close", new JsonObject())
                    .onFailure(e -> log.debug("no answer of a Chrome that ends: {}", e.getMessage()));
            return saved;
        });
    }

    private void leave() {
        if (!leaving) {
            leaving = true;
            liveness.leave();
            watcher.stop();
            screen.close();
        }
    }

    @Override
    public Future<Void> close() {
        if (!closing) {
            closing = true;
            leave();
            Future.join(hands.close(), screencast.close(), chrome.discard())
                    .<Void>mapEmpty()
                    .onFailure(e -> log.error("a Chrome did not exit cleanly", e))
                    .onComplete(closed);
        }
        return closed.future();
    }
}
