package dev.berth.session.act;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserDriver;
import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.browser.BrowserDriver.StartedDownload;
import dev.berth.browser.Failures;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.Emulated;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ActionReply.OnPage;
import dev.berth.protocol.ActionReply.PdfPrinted;
import dev.berth.protocol.ActionReply.RouteAdded;
import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.AddRoute;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserAction.ActivatePage;
import dev.berth.protocol.BrowserAction.AnswerDialogs;
import dev.berth.protocol.BrowserAction.ClosePage;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.BrowserAction.ReadCookies;
import dev.berth.protocol.BrowserAction.ReadStorageState;
import dev.berth.protocol.BrowserAction.RemoveRoute;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.BrowserAction.SetStorageState;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageOutcome;
import dev.berth.protocol.RecordingAction.KeepRecording;
import dev.berth.protocol.RecordingAction.StartRecording;
import dev.berth.protocol.RecordingAction.StopRecording;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.TaskSupport.TaskNote;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.SessionFiles;
import dev.berth.session.record.SessionRecordings;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Carries out each action with the browser's driver, and makes its entry for the log. */
public final class ActionRunner {
    /** How long an action waits for a file that it had downloaded, so that the reply has it. */
    private static final long DOWNLOAD_MILLIS = 3_000;

    private final ArtifactKeeper keeper;
    private final SessionFiles files;
    private final Browser browser;
    private final Scheduler scheduler;
    private final PageTabs tabs;
    /** How to carry out actions on a page that need more than its driver: the session's files. */
    private final Map<Class<?>, BiFunction<BrowserDriver, Action<?>, Future<? extends SessionReply>>> onPage =
            new HashMap<>();
    /** How to carry out each kind of action on the browser. */
    private final Map<Class<?>, Function<Action<?>, Future<? extends SessionReply>>> onBrowser = new HashMap<>();

    public ActionRunner(
            Browser browser,
            Scheduler scheduler,
            ArtifactKeeper keeper,
            SessionFiles files,
            SessionRecordings recordings) {
        this.browser = browser;
        this.scheduler = scheduler;
        this.keeper = keeper;
        this.files = files;
        tabs = new PageTabs(browser, scheduler, this::arrived);
        onPage(Navigate.class, (driver, navigate) -> arrived(navigate, driver.navigate(navigate)));
        onPage(TakeScreenshot.class, this::screenshot);
        onPage(PrintPdf.class, this::pdf);
        onPage(Upload.class, this::upload);
        onBrowser(ReadCookies.class, read -> activeDriver().perform(read));
        onBrowser(SetCookies.class, set -> activeDriver().perform(set));
        onBrowser(ReadStorageState.class, read -> browser.storage().read(read));
        onBrowser(SetStorageState.class, set -> browser.storage().set(set));
        onBrowser(AnswerDialogs.class, answer -> {
            browser.answerDialogs(answer.accept(), answer.promptText());
            return Future.succeededFuture(new Acknowledged());
        });
        onBrowser(Emulate.class, change -> browser.emulate(change).map(Emulated::new));
        onBrowser(AddRoute.class, add -> browser.routes().add(add).map(RouteAdded::new));
        onBrowser(
                RemoveRoute.class,
                remove -> browser.routes().remove(remove.routeId()).map(new Acknowledged()));
        onBrowser(OpenPage.class, tabs::open);
        onBrowser(ActivatePage.class, tabs::activate);
        onBrowser(ClosePage.class, tabs::close);
        onBrowser(StartRecording.class, start -> recordings.start());
        onBrowser(StopRecording.class, stop -> recordings.stop());
        onBrowser(KeepRecording.class, keep -> recordings.keep());
        onBrowser(TaskNote.class, note -> Future.succeededFuture(new Acknowledged()));
    }

    private <A extends Action<?>> void onPage(
            Class<A> type, BiFunction<BrowserDriver, A, Future<? extends SessionReply>> handler) {
        onPage.put(type, (driver, action) -> handler.apply(driver, type.cast(action)));
    }

    private <A extends Action<?>> void onBrowser(Class<A> type, Function<A, Future<? extends SessionReply>> handler) {
        onBrowser.put(type, action -> handler.apply(type.cast(action)));
    }

    /** Whether it carries out these commands itself: all others are the driver's alone. */
    boolean performs(Class<?> command) {
        return onPage.containsKey(command) || onBrowser.containsKey(command);
    }

    /** Opens a page for a person: it stays even if it can't be loaded. */
    Future<? extends SessionReply> openTab(OpenPage open) {
        return tabs.openTab(open);
    }

    private BrowserDriver activeDriver() {
        return browser.driver(activePage().orElseThrow(Failures::noPage));
    }

    /** The result of a navigation. If the URL gave a file instead of a page, waits until the file is kept. */
    Future<NavigationResult> arrived(Navigate navigate, Future<Navigated> navigated) {
        long startNanos = scheduler.nanos();
        return navigated.compose(went -> went.downloadId()
                .map(id -> scheduler
                        .within(left(startNanos, navigate.timeout()), keeper.kept(id))
                        .map(went.page()::gave)
                        .recover(e -> Future.failedFuture(e instanceof TimeoutException ? stillComing(navigate) : e)))
                .orElse(Future.succeededFuture(went.page())));
    }

    private long left(long startNanos, long timeoutMillis) {
        return Math.max(1, timeoutMillis - TimeUnit.NANOSECONDS.toMillis(scheduler.nanos() - startNanos));
    }

    private static BerthException stillComing(Navigate navigate) {
        return new BerthException(
                ErrorCode.TIMEOUT,
                "the URL leads to a file, which was not complete within " + navigate.timeout() + " ms",
                "the download continues; GET …/artifacts lists the file once it is complete");
    }

    private Future<ScreenshotTaken> screenshot(BrowserDriver driver, TakeScreenshot shot) {
        return driver.screenshot(shot)
                .compose(bytes ->
                        keeper.keep(ArtifactType.SCREENSHOT, shot.format().extension(), driver.pageId(), bytes))
                .map(ScreenshotTaken::new);
    }

    private Future<PdfPrinted> pdf(BrowserDriver driver, PrintPdf print) {
        return driver.pdf(print)
                .compose(bytes -> keeper.keep(ArtifactType.PDF, "pdf", driver.pageId(), bytes))
                .map(PdfPrinted::new);
    }

    private Future<ElementResult> upload(BrowserDriver driver, Upload upload) {
        return files.paths(upload.named())
                .compose(paths -> keeper.give(
                        upload.files().stream().map(UploadedFile::artifact).toList(),
                        driver.pageId(),
                        contents -> driver.upload(upload, contents, paths)));
    }

    /**
     * Carries out an action; may throw too.
     *
     * @param pageId the page for an action on a page
     * @param cancelled completes where an action on a page is to be given up
     */
    Future<? extends SessionReply> perform(Action<?> action, Optional<String> pageId, Future<Void> cancelled) {
        return action.actsOnPage()
                ? perform(action, pageId.orElseThrow(Failures::noPage), cancelled)
                : onBrowser.get(action.getClass()).apply(action);
    }

    private Future<OnPage> perform(Action<?> action, String pageId, Future<Void> cancelled) {
        long startNanos = scheduler.nanos();
        boolean active = isActive(pageId);
        BrowserDriver driver = browser.driver(pageId);
        cancelled.onSuccess(now -> driver.abandon());
        return onPage.getOrDefault(action.getClass(), BrowserDriver::perform)
                .apply(driver, action)
                .map(OnPage.class::cast)
                .recover(e -> Future.failedFuture(active ? e : naming(pageId, e)))
                .compose(reply -> consequences(driver, pageId, left(startNanos, action.timeout()))
                        .map(reply::with));
    }

    private Future<PageOutcome> consequences(BrowserDriver driver, String pageId, long leftMillis) {
        return driver.consequences(leftMillis).compose(found -> {
            PageOutcome outcome = new PageOutcome(
                    pageId, found.openedPageId(), Optional.empty(), Optional.empty(), found.stopped(), found.dialog());
            return found.download()
                    .map(download -> downloaded(outcome, download, leftMillis))
                    .orElse(Future.succeededFuture(outcome));
        });
    }

    /** A download that fails is an entry of its own in the log. */
    private Future<PageOutcome> downloaded(PageOutcome outcome, StartedDownload download, long leftMillis) {
        return scheduler
                .within(Math.min(DOWNLOAD_MILLIS, leftMillis), keeper.kept(download.id()))
                .map(outcome::gave)
                .otherwise(e -> e instanceof TimeoutException ? outcome.giving(download.fileName()) : outcome);
    }

    /** A client that expects another page to be active must read on which page the action failed. */
    private static Throwable naming(String pageId, Throwable e) {
        return e instanceof BerthException known
                ? new BerthException(
                        known.code(),
                        known.getMessage() + " (on page " + pageId + ", which is not the active one)",
                        known.hint().orElse(""))
                : e;
    }

    private boolean isActive(String pageId) {
        return activePage().filter(pageId::equals).isPresent();
    }

    /** The page on which actions act now if they name none. */
    Optional<String> activePage() {
        return browser.pages().active();
    }
}
