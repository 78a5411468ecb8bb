package dev.berth.session.act;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.browser.Browser;
import dev.berth.browser.BrowserDriver;
import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.clock.Scheduler;
import dev.berth.protocol.ActionReply.CookieList;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ActionReply.PdfPrinted;
import dev.berth.protocol.ActionReply.RecordingResult;
import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.ActionReply.SelectionResult;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Hover;
import dev.berth.protocol.ElementAction.Press;
import dev.berth.protocol.ElementAction.Scroll;
import dev.berth.protocol.ElementAction.Select;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageAction.AnswerDialogs;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.ReadContent;
import dev.berth.protocol.PageAction.ReadCookies;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.PageAction.SetCookies;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.RecordingAction.KeepRecording;
import dev.berth.protocol.RecordingAction.StartRecording;
import dev.berth.protocol.RecordingAction.StopRecording;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.UploadedFile;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.Downloads;
import dev.berth.session.record.SessionRecordings;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Carries out each action with the browser's driver, and makes its entry for the log. */
public final class Actions {
    private static final String REDACTED = "[redacted]";

    private final ArtifactKeeper keeper;
    private final Downloads downloads;
    private final Browser browser;
    private final Scheduler scheduler;
    /** How to carry out each kind of action. */
    private final Map<Class<?>, Function<Action<?>, Future<? extends SessionReply>>> handlers = new HashMap<>();

    public Actions(
            Browser browser,
            Scheduler scheduler,
            ArtifactKeeper keeper,
            Downloads downloads,
            SessionRecordings recordings) {
        this.browser = browser;
        this.scheduler = scheduler;
        this.keeper = keeper;
        this.downloads = downloads;
        BrowserDriver driver = browser.driver();
        on(Navigate.class, navigate -> arrived(navigate, driver.navigate(navigate)));
        on(GoBack.class, driver::goBack);
        on(GoForward.class, driver::goForward);
        on(Reload.class, driver::reload);
        on(Click.class, driver::click);
        on(Hover.class, driver::hover);
        on(Type.class, driver::type);
        on(Fill.class, driver::fill);
        on(Press.class, driver::press);
        on(Select.class, driver::select);
        on(Scroll.class, driver::scroll);
        on(WaitFor.class, driver::waitFor);
        on(Evaluate.class, driver::evaluate);
        on(ReadContent.class, driver::content);
        on(TakeSnapshot.class, driver::snapshot);
        on(TakeScreenshot.class, shot -> screenshot(driver, shot));
        on(PrintPdf.class, print -> pdf(driver, print));
        on(Upload.class, upload -> upload(driver, upload));
        on(ReadCookies.class, driver::cookies);
        on(SetCookies.class, driver::setCookies);
        on(AnswerDialogs.class, answer -> {
            browser.answerDialogs(answer.accept(), answer.promptText());
            return Future.succeededFuture(new Acknowledged());
        });
        on(StartRecording.class, start -> recordings.start());
        on(StopRecording.class, stop -> recordings.stop());
        on(KeepRecording.class, keep -> recordings.keep());
    }

    private <A extends Action<?>> void on(Class<A> type, Function<A, Future<? extends SessionReply>> handler) {
        handlers.put(type, action -> handler.apply(type.cast(action)));
    }

    /** The result of a navigation. If the URL gave a file instead of a page, waits until the file is kept. */
    Future<NavigationResult> arrived(Navigate navigate, Future<Navigated> navigated) {
        long startNanos = scheduler.nanos();
        return navigated.compose(went -> went.downloadId()
                .map(id -> scheduler
                        .within(left(startNanos, navigate.timeoutMillis()), downloads.kept(id))
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
                "the URL gives a file, which was not complete within " + navigate.timeoutMillis() + " ms",
                "the download goes on; GET …/artifacts lists the file when it is complete");
    }

    private Future<ScreenshotTaken> screenshot(BrowserDriver driver, TakeScreenshot shot) {
        return driver.screenshot(shot)
                .compose(bytes ->
                        keeper.keep(ArtifactType.SCREENSHOT, shot.format().extension(), bytes))
                .map(ScreenshotTaken::new);
    }

    private Future<PdfPrinted> pdf(BrowserDriver driver, PrintPdf print) {
        return driver.pdf(print)
                .compose(bytes -> keeper.keep(ArtifactType.PDF, "pdf", bytes))
                .map(PdfPrinted::new);
    }

    private Future<ElementResult> upload(BrowserDriver driver, Upload upload) {
        return keeper.give(
                upload.files().stream().map(UploadedFile::artifact).toList(),
                contents -> driver.upload(upload, contents));
    }

    /** Carries out an action; may throw too. */
    Future<? extends SessionReply> perform(Action<?> action) {
        return handlers.get(action.getClass()).apply(action);
    }

    /** The page on which actions act now. */
    Optional<String> activePage() {
        return browser.activePage();
    }

    /** The details of a request, without entered text: only the outcome says whether that may be kept. */
    static Map<String, Object> request(Action<?> action) {
        Map<String, Object> details = new LinkedHashMap<>(
                ProtocolJson.MAPPER.convertValue(action, new TypeReference<Map<String, Object>>() {}));
        details.keySet().removeAll(List.of("timeoutMillis", "text", "value", "promptText"));
        details.values().removeIf(value -> value == null);
        if (action instanceof Upload upload) {
            details.put("files", upload.files().stream().map(UploadedFile::name).toList());
        } else if (action instanceof SetCookies set) {
            details.put("cookies", set.cookies().size());
        }
        return details;
    }

    /** The details of the outcome. */
    static Map<String, Object> outcome(Action<?> action, SessionReply reply) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (reply instanceof NavigationResult result) {
            details.put("finalUrl", result.url());
            details.put("navigated", result.navigated());
            result.status().ifPresent(status -> details.put("status", status));
            result.download().ifPresent(file -> {
                details.put("objectId", file.objectId());
                details.put("size", file.size());
                file.fileName().ifPresent(name -> details.put("fileName", name));
            });
        } else if (reply instanceof ScreenshotTaken taken) {
            details.put("objectId", taken.artifact().objectId());
            details.put("size", taken.artifact().size());
        } else if (reply instanceof PdfPrinted printed) {
            details.put("objectId", printed.artifact().objectId());
            details.put("size", printed.artifact().size());
        } else if (reply instanceof RecordingResult result) {
            details.put("objectId", result.artifact().objectId());
        } else if (reply instanceof ElementResult result) {
            entered(action, result.secret(), details);
            result.note().ifPresent(note -> details.put("note", note));
        } else if (reply instanceof SelectionResult result) {
            details.put("selected", result.values());
        } else if (reply instanceof CookieList list) {
            details.put("count", list.cookies().size());
        }
        return details;
    }

    private static void entered(Action<?> action, boolean secret, Map<String, Object> details) {
        if (action instanceof Type type) {
            details.put("text", secret ? REDACTED : type.text());
        } else if (action instanceof Fill fill) {
            details.put("value", secret ? REDACTED : fill.value());
        }
    }
}
