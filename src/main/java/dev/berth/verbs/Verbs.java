package dev.berth.verbs;

import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.BrowserAction.ActivatePage;
import dev.berth.protocol.BrowserAction.AddRoute;
import dev.berth.protocol.BrowserAction.AnswerDialogs;
import dev.berth.protocol.BrowserAction.ClosePage;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.BrowserAction.ReadCookies;
import dev.berth.protocol.BrowserAction.ReadStorageState;
import dev.berth.protocol.BrowserAction.RemoveRoute;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.BrowserAction.SetStorageState;
import dev.berth.protocol.ColorScheme;
import dev.berth.protocol.ContentFormat;
import dev.berth.protocol.Cookie;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Drag;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Hover;
import dev.berth.protocol.ElementAction.Press;
import dev.berth.protocol.ElementAction.Scroll;
import dev.berth.protocol.ElementAction.Select;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.ElementState;
import dev.berth.protocol.Geolocation;
import dev.berth.protocol.ImageFormat;
import dev.berth.protocol.Modifier;
import dev.berth.protocol.MouseButton;
import dev.berth.protocol.NetworkCondition;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.MouseUse;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.ReadContent;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.PageAction.UseMouse;
import dev.berth.protocol.PdfOptions;
import dev.berth.protocol.Permission;
import dev.berth.protocol.Pointing;
import dev.berth.protocol.RecordingAction.KeepRecording;
import dev.berth.protocol.RecordingAction.StartRecording;
import dev.berth.protocol.RecordingAction.StopRecording;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.StorageState;
import dev.berth.protocol.StorageState.OriginStorage;
import dev.berth.protocol.StorageState.StoredCookie;
import dev.berth.protocol.StorageState.StoredItem;
import dev.berth.protocol.Viewport;
import dev.berth.protocol.WaitUntil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The catalogue of verbs: every operation on a session, once. It maps JSON fields to the components of commands and fills in
 * defaults; the commands validate their values.
 */
public final class Verbs {
    /** Gives files to a file input of a page: see {@link GivenFile}. */
    public static final Verb<Upload, ElementResult> UPLOAD = new Verb<Upload, ElementResult>(
                    "upload",
                    Upload.class,
                    in -> new Upload(
                            in.selector("selector"), in.storedFiles(), GivenFile.names(in), in.timeoutMillis()),
                    VerbResult.Acted::of)
            .withLargeBody();

    private static final List<Verb<?, ?>> ALL = List.of(
            new Verb<>(
                    "navigate",
                    Navigate.class,
                    in -> new Navigate(in.text("url"), waitUntil(in), in.timeoutMillis()),
                    VerbResult.Navigated::of),
            new Verb<>(
                    "go-back",
                    GoBack.class,
                    in -> new GoBack(waitUntil(in), in.timeoutMillis()),
                    VerbResult.Navigated::of),
            new Verb<>(
                    "go-forward",
                    GoForward.class,
                    in -> new GoForward(waitUntil(in), in.timeoutMillis()),
                    VerbResult.Navigated::of),
            new Verb<>(
                    "reload",
                    Reload.class,
                    in -> new Reload(waitUntil(in), in.timeoutMillis()),
                    VerbResult.Navigated::of),
            new Verb<>(
                    "click",
                    Click.class,
                    in -> new Click(
                            in.selector("selector"),
                            in.choice("button", MouseButton.LEFT, MouseButton::wireName),
                            in.integer("clickCount", 1),
                            pointing(in),
                            in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "hover",
                    Hover.class,
                    in -> new Hover(in.selector("selector"), pointing(in), in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "drag",
                    Drag.class,
                    in -> new Drag(
                            in.selector("selector"),
                            in.optionalSelector("to"),
                            in.offset("by"),
                            pointing(in),
                            in.optionalInteger("steps"),
                            in.optionalInteger("hold"),
                            in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "mouse",
                    UseMouse.class,
                    in -> new UseMouse(
                            in.choice("action", MouseUse.CLICK, MouseUse::wireName),
                            in.number("x"),
                            in.number("y"),
                            in.choice("button", MouseButton.LEFT, MouseButton::wireName),
                            in.integer("clickCount", 1),
                            in.optionalNumber("deltaX"),
                            in.optionalNumber("deltaY"),
                            in.choices("modifiers", Modifier.class, Modifier::wireName),
                            in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "type",
                    Type.class,
                    in -> new Type(in.optionalSelector("selector"), in.text("text"), in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "fill",
                    Fill.class,
                    in -> new Fill(in.selector("selector"), in.text("value"), in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "press",
                    Press.class,
                    in -> new Press(in.optionalSelector("selector"), in.text("key"), in.timeoutMillis()),
                    VerbResult.Acted::of),
            new Verb<>(
                    "select",
                    Select.class,
                    in -> new Select(in.selector("selector"), in.texts("values"), in.timeoutMillis()),
                    VerbResult.Selected::of),
            new Verb<>(
                    "scroll",
                    Scroll.class,
                    in -> new Scroll(
                            in.optionalSelector("selector"), in.number("x", 0), in.number("y", 0), in.timeoutMillis()),
                    VerbResult.Scrolled::of),
            new Verb<>(
                    "wait-for",
                    WaitFor.class,
                    in -> new WaitFor(
                            in.selector("selector"),
                            in.choice("state", ElementState.VISIBLE, ElementState::wireName),
                            in.timeoutMillis()),
                    VerbResult.Acted::of),
            UPLOAD,
            new Verb<>(
                    "evaluate",
                    Evaluate.class,
                    in -> new Evaluate(in.text("expression"), in.timeoutMillis()),
                    VerbResult.Evaluated::of),
            new Verb<>(
                    "content",
                    ReadContent.class,
                    in -> new ReadContent(
                            in.choice("format", ContentFormat.HTML, ContentFormat::wireName), in.timeoutMillis()),
                    VerbResult.Content::of),
            new Verb<>(
                    "snapshot",
                    TakeSnapshot.class,
                    in -> new TakeSnapshot(
                            in.optionalSelector("selector"),
                            in.optionalInteger("depth"),
                            in.flag("interactiveOnly", false),
                            in.optionalInteger("maxTokens"),
                            in.flag("diff", false),
                            in.flag("tree", false),
                            in.timeoutMillis()),
                    VerbResult.Snapshot::of),
            new Verb<>(
                    "screenshot",
                    TakeScreenshot.class,
                    in -> new TakeScreenshot(
                            in.flag("fullPage", false),
                            in.optionalSelector("selector"),
                            in.choice("format", ImageFormat.PNG, ImageFormat::wireName),
                            in.optionalInteger("quality"),
                            in.timeoutMillis()),
                    (taken, links) -> VerbResult.Made.of(taken.artifact(), links)),
            new Verb<>(
                    "pdf",
                    PrintPdf.class,
                    in -> new PrintPdf(pdfOptions(in), in.timeoutMillis()),
                    (printed, links) -> VerbResult.Made.of(printed.artifact(), links)),
            new Verb<>("cookies", ReadCookies.class, in -> new ReadCookies(in.timeoutMillis()), VerbResult.Cookies::of),
            new Verb<>(
                    "set-cookies",
                    SetCookies.class,
                    in -> new SetCookies(in.objects("cookies", Verbs::cookie), in.timeoutMillis()),
                    VerbResult.Cookies::of),
            new Verb<>(
                    "storage-state",
                    ReadStorageState.class,
                    in -> new ReadStorageState(in.flag("indexedDB", false), in.timeoutMillis()),
                    VerbResult.StoredState::of),
            new Verb<>(
                            "set-storage-state",
                            SetStorageState.class,
                            in -> new SetStorageState(storageState(in), in.timeoutMillis()),
                            VerbResult.StateSet::of)
                    .withLargeBody(),
            new Verb<>(
                    "dialogs",
                    AnswerDialogs.class,
                    in -> new AnswerDialogs(in.flag("accept"), in.optionalText("promptText"), in.timeoutMillis()),
                    done -> new VerbResult.Noted(true)),
            new Verb<>(
                    "emulate",
                    Emulate.class,
                    in -> new Emulate(
                            in.flag("reset", false),
                            in.optionalObject("viewport", "an object with width and height", Verbs::viewport),
                            in.optionalNumber("deviceScaleFactor"),
                            in.optionalFlag("mobile"),
                            in.optionalText("userAgent"),
                            in.optionalText("locale"),
                            in.optionalText("timezone"),
                            in.optionalChoice("colorScheme", ColorScheme.class, ColorScheme::wireName),
                            in.optionalChoice("network", NetworkCondition.class, NetworkCondition::wireName),
                            in.optionalInteger("cpuSlowdown"),
                            in.timeoutMillis(),
                            in.optionalText("device"),
                            in.optionalObject(
                                    "geolocation", "an object with latitude and longitude", Verbs::geolocation),
                            in.optionalChoices("permissions", Permission.class, Permission::wireName)),
                    done -> new VerbResult.Emulated(true, done.now())),
            new Verb<>("add-route", AddRoute.class, RouteArguments::read, VerbResult.Routed::of),
            new Verb<>(
                    "remove-route",
                    RemoveRoute.class,
                    in -> new RemoveRoute(in.text("routeId"), in.timeoutMillis()),
                    done -> new VerbResult.Noted(true)),
            new Verb<>(
                    "open-page",
                    OpenPage.class,
                    in -> new OpenPage(in.optionalText("url"), waitUntil(in), in.timeoutMillis()),
                    VerbResult.Page::of),
            new Verb<>(
                    "activate-page",
                    ActivatePage.class,
                    in -> new ActivatePage(in.text("pageId"), in.timeoutMillis()),
                    VerbResult.Page::of),
            new Verb<>(
                    "close-page",
                    ClosePage.class,
                    in -> new ClosePage(in.text("pageId"), in.timeoutMillis()),
                    VerbResult.Closed::of),
            new Verb<>("start-recording", StartRecording.class, in -> new StartRecording(), VerbResult.Recorded::of),
            new Verb<>("stop-recording", StopRecording.class, in -> new StopRecording(), VerbResult.Recorded::of),
            new Verb<>("keep-recording", KeepRecording.class, in -> new KeepRecording(), VerbResult.Recorded::of));

    private static final Map<Class<?>, String> NAMES = names();

    private Verbs() {}

    /** All verbs. */
    public static List<Verb<?, ?>> all() {
        return ALL;
    }

    /** The name of the verb with this command. */
    public static String nameOf(Action<?> action) {
        return NAMES.get(action.getClass());
    }

    private static Map<Class<?>, String> names() {
        Map<Class<?>, String> names = new HashMap<>();
        ALL.forEach(verb -> names.put(verb.command(), verb.name()));
        return Map.copyOf(names);
    }

    private static Pointing pointing(Arguments in) {
        return new Pointing(
                in.offset("position"),
                in.choices("modifiers", Modifier.class, Modifier::wireName),
                in.flag("force", false));
    }

    private static WaitUntil waitUntil(Arguments in) {
        return in.choice("waitUntil", WaitUntil.LOAD, WaitUntil::wireName);
    }

    private static Geolocation geolocation(Arguments in) {
        return new Geolocation(in.number("latitude"), in.number("longitude"), in.number("accuracy", 0));
    }

    private static Viewport viewport(Arguments in) {
        return new Viewport(in.integer("width", 1, Viewport.MAX), in.integer("height", 1, Viewport.MAX));
    }

    private static PdfOptions pdfOptions(Arguments in) {
        return new PdfOptions(
                in.flag("landscape", false),
                in.flag("printBackground", true),
                in.number("scale", 1),
                in.number("width", 8.5),
                in.number("height", 11),
                in.number("margin", 0.4),
                in.optionalText("pageRanges"));
    }

    /** What Playwright writes as its {@code storageState}. */
    public static StorageState storageState(Arguments in) {
        return new StorageState(
                in.objects("cookies", Verbs::storedCookie), in.objects("origins", Verbs::originStorage));
    }

    private static StoredCookie storedCookie(Arguments in) {
        return new StoredCookie(
                in.text("name"),
                in.text("value"),
                in.text("domain"),
                in.text("path"),
                in.optionalNumber("expires"),
                in.flag("httpOnly", false),
                in.flag("secure", false),
                in.optionalText("sameSite"),
                in.optionalText("partitionKey"),
                in.optionalFlag("_crHasCrossSiteAncestor"));
    }

    private static OriginStorage originStorage(Arguments in) {
        return new OriginStorage(
                in.text("origin"),
                in.objects("localStorage", item -> new StoredItem(item.text("name"), item.text("value"))),
                in.values("indexedDB"));
    }

    private static Cookie cookie(Arguments in) {
        return new Cookie(
                in.text("name"),
                in.text("value"),
                in.optionalText("domain"),
                in.optionalText("url"),
                in.optionalText("path"),
                in.optionalNumber("expires"),
                in.flag("httpOnly", false),
                in.flag("secure", false),
                in.optionalText("sameSite"));
    }
}
