package dev.berth.protocol;

import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionPoint;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ArtifactEntry.RecordingInProgress;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.Containment.ProxyRule;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.Emulation.ColorScheme;
import dev.berth.protocol.Emulation.Geolocation;
import dev.berth.protocol.Emulation.Media;
import dev.berth.protocol.Emulation.NetworkCondition;
import dev.berth.protocol.Emulation.Permission;
import dev.berth.protocol.ExecuteTask.TaskCommand;
import dev.berth.protocol.HistoryCommand.FindSession;
import dev.berth.protocol.HistoryCommand.ReadStory;
import dev.berth.protocol.HistoryReply.SessionFound;
import dev.berth.protocol.HistoryReply.StoryPage;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.NetworkEntry.BlockedRequest;
import dev.berth.protocol.NetworkEntry.RequestInitiator;
import dev.berth.protocol.NetworkEntry.RequestTimings;
import dev.berth.protocol.NodeCommand.NodeDrains;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.PageAction.PrintPdf.Margins;
import dev.berth.protocol.PageAction.TakeScreenshot.Clip;
import dev.berth.protocol.PageOutcome.MetDialog;
import dev.berth.protocol.PageOutcome.PageEntry;
import dev.berth.protocol.Pointing.Modifier;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.RouteEntry.AppliedRoute;
import dev.berth.protocol.RouteEntry.ResourceType;
import dev.berth.protocol.RouteEntry.RouteAction;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactKept;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionOptions.KeptDays;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionStatus.Health;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.StepEntry.StepKind;
import dev.berth.protocol.StorageState.OriginStorage;
import dev.berth.protocol.StorageState.StoredCookie;
import dev.berth.protocol.StorageState.StoredItem;
import dev.berth.protocol.StoryCursor.StoryKind;
import dev.berth.protocol.TaskSpec.TaskLimits;
import dev.berth.protocol.TaskSupport.TaskNote;
import dev.berth.protocol.TaskView.TaskEvent;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.protocol.VerbChoices.ContentFormat;
import dev.berth.protocol.VerbChoices.ElementState;
import dev.berth.protocol.VerbChoices.ImageFormat;
import dev.berth.protocol.VerbChoices.WaitUntil;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** At least one of each message. */
public final class ProtocolSamples {
    static final StoredCookie STORED_COOKIE = new StoredCookie(
            "name",
            "value",
            ".a.b",
            "/c",
            Optional.of(-1.0),
            true,
            true,
            Optional.of("None"),
            Optional.of("https://c.d"),
            Optional.of(true));
    static final StorageState STATE = new StorageState(
            List.of(STORED_COOKIE),
            List.of(new OriginStorage(
                    "https://a.b",
                    List.of(new StoredItem("token", "s3cret")),
                    List.of(Map.of("name", "db", "version", 1)))));
    static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");
    static final SessionId ID = SessionId.random();
    static final ActionElement NAMED = new ActionElement(
            Optional.of("button"), Optional.empty(), Optional.of("#a"), List.of("#a"), List.of("iframe"));
    static final Cost COST = new Cost(0.25, 3, 4);
    static final SessionOptions OPTIONS = new SessionOptions(
            BrowserKind.HEADFUL,
            new Viewport(800, 600),
            new SessionTimeouts(1_000, 2_000, 3),
            Optional.of("agent"),
            Optional.of("de-DE"),
            Optional.of("Europe/Berlin"),
            true,
            true,
            true,
            Optional.of("Pixel 7"),
            true,
            Map.of("X-Trial", "1"),
            List.of(new HttpCredentials("https://a.b", "ann", "s3cret")),
            true,
            true,
            Optional.of(new HostPatterns(List.of("a.b", "*.a.b"))),
            new HostPatterns(List.of("c.a.b:81")),
            true,
            List.of(
                    new ProxyRule(
                            new HostPatterns(List.of("*.a.b")), Optional.empty(), Optional.empty(), Optional.empty()),
                    new ProxyRule(
                            HostPatterns.NONE,
                            Optional.of("http://p.example:3128"),
                            Optional.of("ann"),
                            Optional.of("s3cret"))),
            Optional.of(new KeptDays(Optional.of(30), Optional.of(7), Optional.empty(), Optional.of(1))),
            Optional.of(new ProfileUse("shop", SaveProfile.ON_SUCCESS, Optional.of(3))),
            Optional.of(STATE),
            List.of("ad-blocker"));
    static final SessionOptions PLAIN_OPTIONS = SessionOptions.builder()
            .timeouts(new SessionTimeouts(1_000, 1_000, 0))
            .build();
    static final ActionEntry ACTION = new ActionEntry(
            "action-1",
            "navigate",
            AT,
            true,
            Map.of(
                    "url",
                    "https://a.b",
                    "pageId",
                    "page-1",
                    "status",
                    200,
                    "nested",
                    Map.of("list", List.of(1, "zwei", true))),
            12,
            ActionSource.REST,
            Optional.empty(),
            Cost.NONE);
    static final ActionEntry FAILED_ACTION = new ActionEntry(
            "action-2", "evaluate", AT, false, Map.of(), 0, ActionSource.AI, Optional.of("it threw"), COST);
    static final ConsoleEntry CONSOLE = new ConsoleEntry(
            ConsoleLevel.WARN,
            "grüß \"dich\"\n\u0000😀",
            AT,
            Optional.of("https://a.b/x.js"),
            Optional.of(7),
            "console-api",
            2,
            List.of("f (https://a.b/x.js:7:1)"),
            Optional.of("page-1"));
    static final ConsoleEntry BARE_CONSOLE =
            new ConsoleEntry(ConsoleLevel.DEBUG, "", AT, Optional.empty(), Optional.empty(), "exception");
    static final NetworkEntry NETWORK = new NetworkEntry(
            "https://a.b/c",
            "GET",
            Optional.of(200),
            12.5,
            1L << 40,
            "document",
            "text/html",
            AT,
            true,
            false,
            Optional.empty(),
            Map.of("accept", "*/*"),
            Map.of("server", "x"),
            Optional.of("12.3"),
            Optional.of("page"),
            Optional.of("document"),
            Optional.of("frame"),
            Optional.of(new RequestInitiator("script", Optional.of("https://a.b/x.js"), Optional.of(7))),
            Optional.of("High"),
            Optional.of("h2"),
            Optional.of("127.0.0.1:443"),
            Optional.of(new RequestTimings(1.5, -1, 2, 1, 0.25, 3, 4)),
            Optional.of(1_000L),
            Optional.of(5L),
            Optional.of("a=b"),
            Optional.of(new SocketMessages(
                    SocketMessages.State.OPEN,
                    1,
                    0,
                    5,
                    0,
                    List.of(new SocketMessages.Message(AT, true, 1, 5, "hello")))),
            Optional.of(KeptBody.at(3)),
            Optional.of(new BlockedRequest("blockedDomains", "blockedDomains has a.b")),
            Optional.of(new AppliedRoute("route-1", RouteAction.BLOCK)));
    public static final AddRoute ROUTE = new AddRoute(
            "**/*.{png,jpg}",
            List.of("GET"),
            List.of(ResourceType.IMAGE),
            RouteAction.MOCK,
            Optional.of(200),
            Map.of("content-type", "image/png"),
            Optional.empty(),
            Optional.of("eA=="),
            Map.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(2),
            31);
    static final NetworkEntry FAILED_NETWORK = new NetworkEntry(
            "https://a.b/d",
            "POST",
            Optional.empty(),
            0,
            0,
            "fetch",
            "",
            AT,
            false,
            true,
            Optional.of("net::ERR_FAILED"),
            Map.of(),
            Map.of());
    static final NavigationEntry NAVIGATION = new NavigationEntry(
            "https://a.b", "A", AT, Optional.of("page-1"), Optional.of("document-1"), Optional.of(AT), Optional.of(AT));
    public static final ArtifactEntry ARTIFACT = new ArtifactEntry(
            "object-1",
            ArtifactType.SCREENSHOT,
            "a/b.png",
            Optional.of("b.png"),
            AT,
            "image/png",
            99,
            ArtifactState.PENDING,
            Optional.of("page-1"));
    static final Cookie COOKIE = new Cookie(
            "name",
            "value",
            Optional.of(".a.b"),
            Optional.of("https://a.b"),
            Optional.of("/c"),
            Optional.of(1.5),
            true,
            true,
            Optional.of("None"));
    static final Cookie PLAIN_COOKIE = new Cookie(
            "n",
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            Optional.empty());
    static final PageEntry PAGE = new PageEntry("page-1", "https://a.b", "A", true, Optional.of("page-0"));
    public static final BrowserAction.Emulate EMULATE = new BrowserAction.Emulate(
            true,
            Optional.of(new Viewport(390, 844)),
            Optional.of(2.5),
            Optional.of(true),
            Optional.of("agent"),
            Optional.of("de-DE"),
            Optional.of("Europe/Berlin"),
            Optional.of(ColorScheme.DARK),
            Optional.of(NetworkCondition.SLOW_3G),
            Optional.of(4),
            31,
            Optional.of("Galaxy S9+"),
            Optional.of(new Geolocation(52.5, 13.4, Optional.of(10.0))),
            Optional.of(List.of(Permission.GEOLOCATION)),
            Optional.of(Media.PRINT));
    public static final Emulation EMULATION = new Emulation(
            new Viewport(390, 844),
            2.5,
            true,
            Optional.of("agent"),
            Optional.of("de-DE"),
            Optional.of("Europe/Berlin"),
            Optional.of(ColorScheme.DARK),
            NetworkCondition.SLOW_3G,
            4,
            Optional.of("Galaxy S9+"),
            Optional.of(new Geolocation(52.5, 13.4, Optional.of(10.0))),
            List.of(Permission.GEOLOCATION),
            Optional.of(Media.PRINT));
    /** All that can come of an action, though not at once. */
    public static final PageOutcome PAGE_OUTCOME = new PageOutcome(
            "page-1",
            Optional.of("page-2"),
            Optional.of(ARTIFACT),
            Optional.of("b.zip"),
            Optional.of("https://blocked.example/"),
            Optional.of(new MetDialog("confirm", "Sure?", true)));

    static final TaskId TASK_ID = TaskId.random();
    static final TaskSpec TASK_SPEC = new TaskSpec(
            "Buy grüne tea",
            Optional.of("https://a.b"),
            new TaskLimits(40, 0.5, 600_000),
            Optional.of("{\"type\":\"object\"}"),
            Map.of("password", "secret"),
            List.of("a.b", "xn--bcher-kva.example"),
            true,
            true);
    static final TaskView TASK = new TaskView(
            TASK_ID,
            ID,
            7,
            "Buy tea",
            TaskStatus.WAITING,
            Optional.empty(),
            Optional.of("Which one?"),
            Optional.empty(),
            3,
            COST,
            AT,
            Optional.empty());
    static final TaskView ENDED_TASK = new TaskView(
            TASK_ID,
            ID,
            7,
            "Buy tea",
            TaskStatus.COMPLETED,
            Optional.of("{\"price\":3}"),
            Optional.empty(),
            Optional.empty(),
            3,
            COST,
            AT,
            Optional.of(AT.plusSeconds(9)));
    static final TaskStep TASK_STEP = new TaskStep(
            1,
            AT,
            "click",
            Map.of("selector", "e7", "nested", Map.of("list", List.of(1, true))),
            true,
            Optional.of("it is the cart"),
            Optional.empty(),
            Optional.of("action-1"),
            12,
            COST);

    static final LogChunk CHUNK = new LogChunk("logs/1", 2_000, 50);

    public static final SessionReply.SessionDescription ENDED_SESSION = new SessionReply.SessionDescription(
            ID,
            SessionStatus.FAILED,
            Optional.empty(),
            "https://a.b",
            "A",
            AT,
            Optional.of(AT.plusMillis(1)),
            Optional.of(AT.plusMillis(2)),
            Optional.of(EndReason.BROWSER_CRASHED),
            Optional.of("signal 11"),
            AT.plusSeconds(3),
            "node-1",
            1,
            2,
            3,
            4,
            List.of(NAVIGATION),
            OPTIONS,
            Map.of("k", "v"),
            COST,
            Optional.empty(),
            Optional.empty(),
            new Traffic(1, 2, 3),
            4,
            Optional.of(new ProfileOutcome("work", Optional.of(2), Optional.of(3), Optional.of("as it was"))),
            Optional.of("Checkout"),
            Optional.of(Outcome.TIMED_OUT),
            Optional.of("expect(locator).toHaveText"),
            new ErrorCounts(1, 2, 3),
            List.of(ActionSource.REST, ActionSource.AI));
    static final StepEntry STEP =
            new StepEntry("step-1", "Log in", StepKind.EXPECT, AT, 5, Optional.of("not there"), Optional.of("step-0"));
    public static final List<Record> ALL = List.of(
            new SessionCommand.DescribeSession(),
            new SessionCommand.AwaitRunning(),
            new SessionCommand.AwaitFirstPage(),
            new SessionCommand.ReadActions(1L << 40, 2),
            new SessionCommand.ReadArtifacts(),
            new SessionCommand.ReadLog(LogKind.CONSOLE, 3, 4),
            new SessionCommand.ReadLog(LogKind.BODIES, 7, 8),
            new SessionCommand.ReadUsage(),
            new FileCommand.BeginFile("a.txt", 3, Optional.of(1L << 40)),
            new FileCommand.EndFile("a.txt", true, true),
            new FileCommand.TouchFile("a.txt"),
            new FileCommand.RemoveFile("a.txt"),
            new FileCommand.RemoveDownloads(),
            new FileCommand.ReadFiles(),
            new SessionCommand.CheckHealth(),
            new SessionCommand.EndSession(EndReason.CLIENT),
            new PageAction.Navigate("https://a.b", WaitUntil.NETWORKIDLE, 7),
            new PageAction.GoBack(WaitUntil.LOAD, 8),
            new PageAction.GoForward(WaitUntil.DOMCONTENTLOADED, 9),
            new PageAction.Reload(WaitUntil.LOAD, 10),
            new PageAction.TakeScreenshot(true, Optional.of("#x"), ImageFormat.JPEG, Optional.of(80), 11),
            new PageAction.TakeScreenshot(false, Optional.empty(), ImageFormat.PNG, Optional.empty(), 11),
            new PageAction.TakeScreenshot(
                    false,
                    Optional.empty(),
                    ImageFormat.PNG,
                    Optional.empty(),
                    11,
                    Optional.of(new Clip(0.5, 1, 2, 3)),
                    true),
            new PageAction.Evaluate("1 + 1", 12),
            new LiveCommand.Mouse("page", LiveCommand.MouseAction.DOWN, 1.5, -2, LiveCommand.Button.LEFT, 1, 1, 8),
            new LiveCommand.Wheel("page", 1, 2, 0, -120.5, 0),
            new LiveCommand.Key("page", LiveCommand.KeyAction.DOWN, "ä", "Quote", "ä", 222, 0, false, 0),
            new LiveCommand.Text("page", "täxt"),
            new LiveCommand.Touch(
                    "page", LiveCommand.TouchAction.START, List.of(new LiveCommand.TouchPoint(1, 2, 3)), 0),
            new LiveCommand.Paste("page", "text"),
            new LiveCommand.Copy("page"),
            new LiveCommand.ReadMenu("page", 7, 8.5),
            new LiveCommand.AnswerDialog("page", true, Optional.of("me")),
            new LiveCommand.ChooseFiles("page", "chooser-1", List.of()),
            new LiveCommand.ChooseOptions("page", "select-1", List.of(0, 2), Optional.of("2026-11-29")),
            new ElementAction.Click("#x", MouseButton.RIGHT, 2, 13),
            new ElementAction.Hover("#x", 14),
            new ElementAction.Drag(
                    "#x",
                    Optional.empty(),
                    Optional.of(new Offset(1, 2)),
                    Optional.of(new Offset(3, 4)),
                    List.of(Modifier.SHIFT),
                    true,
                    Optional.of(7),
                    Optional.of(300),
                    15),
            new PageAction.UseMouse(
                    PageAction.MouseUse.WHEEL,
                    1,
                    2,
                    MouseButton.LEFT,
                    1,
                    Optional.empty(),
                    Optional.of(100.0),
                    List.of(Modifier.ALT),
                    16),
            new ElementAction.Type(Optional.of("#x"), "täxt", 15),
            new ElementAction.Type(Optional.empty(), "text", 15),
            new ElementAction.Fill("#x", "", 16),
            new ElementAction.Press(Optional.of("#x"), "Control+a", 17),
            new ElementAction.Press(Optional.empty(), "Enter", 17),
            new ElementAction.Select("#x", List.of("a", "b"), 18),
            new ElementAction.Scroll(Optional.empty(), 1.5, -2, 19),
            new ElementAction.WaitFor("#x", ElementState.HIDDEN, 20),
            new PageAction.ReadContent(ContentFormat.MARKDOWN, 21),
            new PageAction.TakeSnapshot(22),
            new PageAction.TakeSnapshot(Optional.of("main"), Optional.of(3), true, Optional.of(2_000), true, true, 22),
            new PageAction.PrintPdf(true, false, 1.5, 8, 11, 0, Optional.of("1-2"), 23),
            new PageAction.PrintPdf(
                    false,
                    true,
                    1,
                    8,
                    11,
                    0,
                    Optional.empty(),
                    23,
                    Optional.of(new Margins(Optional.of(1.0), Optional.empty(), Optional.of(0.5), Optional.empty())),
                    Optional.of("<b>head</b>"),
                    Optional.of(""),
                    true),
            new ElementAction.Upload("#x", List.of(new UploadedFile("a.txt", ARTIFACT)), List.of("b.txt"), 24),
            new BrowserAction.ReadCookies(25),
            new BrowserAction.SetCookies(List.of(COOKIE, PLAIN_COOKIE), 26),
            new BrowserAction.ReadStorageState(true, 26),
            new BrowserAction.SetStorageState(STATE.cookies(), STATE.origins(), 26),
            new ActionReply.StorageStateRead(
                    List.of(STORED_COOKIE),
                    "[{\"origin\":\"https://a.b\",\"localStorage\":[{\"name\":\"n\",\"value\":\"v\"}],\"indexedDB\":[{}]}]",
                    1,
                    0),
            new ActionReply.StorageStateSet(1, 1),
            new CdpClientCommand.ClaimDialogs("client", Set.of("page")),
            new BrowserAction.AnswerDialogs(true, Optional.of("yes"), 27),
            EMULATE,
            new ActionReply.Emulated(EMULATION),
            new SessionCommand.CancelAction("call-1"),
            new SessionCommand.ReadPages(),
            new SessionCommand.ReadRoutes(),
            new SessionReply.RouteList(List.of(RouteEntry.of("route-1", ROUTE, 1))),
            ROUTE,
            new BrowserAction.RemoveRoute("route-1", 32),
            new ActionReply.RouteAdded(RouteEntry.of("route-1", ROUTE, 0)),
            new SessionReply.PageList(List.of(PAGE)),
            new BrowserAction.OpenPage(Optional.of("https://a.b"), WaitUntil.LOAD, 28),
            new BrowserAction.OpenPage(Optional.empty(), WaitUntil.LOAD, 28),
            new BrowserAction.ActivatePage("page-1", 29),
            new BrowserAction.ClosePage("page-1", 30),
            new ActionReply.PageResult(PAGE, Optional.of(ARTIFACT)),
            new ActionReply.PageClosed("page-1", "page-2"),
            new RecordingAction.StartRecording(),
            new RecordingAction.StopRecording(),
            new RecordingAction.KeepRecording(),
            new ActionReply.RecordingResult(true, ARTIFACT),
            new ActionReply.PdfPrinted(ARTIFACT),
            new ActionReply.ElementResult("https://a.b", true, Optional.of("missed"))
                    .at(Optional.of(new ActionPoint(1.5, 2, 800, 600)))
                    .on(Optional.of(NAMED), Optional.of(NAMED)),
            new ActionReply.SelectionResult("https://a.b", List.of("a")).on(Optional.of(NAMED)),
            new ActionReply.ScrollResult(0.5, 1).on(Optional.of(NAMED)),
            new ActionReply.ContentResult("https://a.b", "A", "text"),
            new ActionReply.SnapshotResult("https://a.b", "A", "- document", Optional.of("{}")),
            new ActionReply.CookieList(List.of(COOKIE)),
            ENDED_SESSION,
            new SessionReply.SessionDescription(
                    ID,
                    SessionStatus.CREATING,
                    Optional.of(3),
                    "",
                    "",
                    AT,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    AT,
                    "node-1",
                    0,
                    0,
                    0,
                    0,
                    List.of(),
                    PLAIN_OPTIONS,
                    Map.of(),
                    Cost.NONE,
                    Optional.of(new RecordingInProgress("recording-1", AT)),
                    Optional.empty(),
                    Traffic.NONE,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    ErrorCounts.NONE,
                    List.of()),
            new ReportCommand.UpdateSession(
                    Optional.of("Checkout"),
                    Optional.of(Outcome.PASSED),
                    Optional.of("as hoped"),
                    Map.of("run", Optional.of("7"), "old", Optional.empty()),
                    new ReportCommand.ChangedTimeouts(Optional.of(5_000L), Optional.empty())),
            new ReportCommand.AddSteps(List.of(STEP)),
            new ReportCommand.StepsAdded(1),
            new SessionEvent.SessionUpdated(
                    ID,
                    3,
                    new SessionLabels(
                            Optional.of("Checkout"),
                            Optional.of(Outcome.SKIPPED),
                            Optional.empty(),
                            Map.of("run", "7")),
                    AT),
            new SessionEvent.StepReported(ID, 4, STEP),
            new SessionReply.ActionSlice(List.of(ACTION, FAILED_ACTION), 2, true),
            new SessionReply.ArtifactList(List.of(ARTIFACT), true),
            new SessionReply.LogTail(2_052, List.of(CHUNK), 2_050, lines(CONSOLE, BARE_CONSOLE)),
            new SessionReply.LogTail(2_052, List.of(CHUNK), 2_050, lines(NETWORK, FAILED_NETWORK)),
            new SessionReply.FilePlace("/u/a.txt", 1L << 40),
            new SessionReply.NamedFile("a.txt", 3, Optional.of(3L), Optional.of("/u/a.txt"), Optional.of(ARTIFACT)),
            new SessionReply.NamedFiles(List.of(
                    new SessionReply.NamedFile("a.txt", 3, Optional.empty(), Optional.empty(), Optional.empty()))),
            new SessionReply.UsageList(List.of(new UsageSample(AT, 180.5, 0.25))),
            new SessionReply.LogTail(3, List.of(), 2, lines(new BodyEntry("text/html", "<p>"))),
            new SessionReply.HealthReport(
                    Health.DEGRADED, SessionStatus.RUNNING, true, "https://a.b", 5, Optional.of("busy")),
            new SessionReply.SessionOver(SessionStatus.CANCELLED, EndReason.NODE_DRAINED),
            new ActionReply.NavigationResult("https://a.b", "A", Optional.of(404), true),
            new ActionReply.NavigationResult("about:blank", "", Optional.empty(), false),
            new ActionReply.NavigationResult("about:blank", "", Optional.of(200), false).with(PAGE_OUTCOME),
            new ActionReply.ScreenshotTaken(ARTIFACT),
            new ActionReply.EvaluationResult("{\"a\":[1,null]}", "object"),
            new SessionStarted(ID, AT),
            new PageNavigated(ID, 3, NAVIGATION),
            new ActionPerformed(ID, 4, ACTION),
            new LogAppended(ID, LogKind.CONSOLE, 5, lines(CONSOLE, BARE_CONSOLE)),
            new LogAppended(ID, LogKind.NETWORK, 6, LogLines.NONE),
            new ArtifactKept(ID, 7, ARTIFACT),
            new LogCommand.FollowLogs("follower-1", Set.of(LogKind.CONSOLE)),
            new LogCommand.UnfollowLogs("follower-1"),
            new SessionReply.LogsFollowed(Map.of(LogKind.NETWORK, 8L)),
            new SessionCreated(ID, AT),
            new SessionEnded(ID, SessionStatus.COMPLETED, EndReason.IDLE_TIMEOUT, AT, new Traffic(1, 2, 3)),
            new CreateSession(
                    ID,
                    7,
                    Optional.of("example.com"),
                    OPTIONS,
                    Map.of("k", "v"),
                    Optional.of(new CreateSession.Idempotency("key", "hash"))),
            new CreateSession(ID, 7, Optional.empty(), PLAIN_OPTIONS, Map.of(), Optional.empty())
                    .with(3)
                    .named(Optional.of("Checkout")),
            new CdpClientCommand.OpenCdp("cdp-1"),
            new CdpClientCommand.TouchSession(),
            new CdpClientCommand.DetachCdpClient("cdp-1"),
            new CdpClientCommand.RecordCdpActions(List.of(ACTION, FAILED_ACTION)),
            new SessionReply.CdpEndpoint("c-1", Optional.of("/d"), Optional.empty()),
            new TaskSupport.ProtectSession(
                    new AllowedDomains(List.of("example.com")), new Secrets(Map.of("name", "value"))),
            new TaskSupport.AwaitNoHands(5_000, 60_000),
            new TaskSupport.NameElement(List.of("e7"), 2_000),
            new SessionReply.HandsRest(true, 3),
            new SessionReply.FirstPage(Optional.of("navigation failed: net::ERR_CONNECTION_REFUSED")),
            new SessionReply.ElementNames(List.of("role=button[name=\"Save\"s]", "#save")),
            new TaskNote("ask_human", Map.of("question", "which one?")),
            new SessionReply.CopiedText("grüße"),
            new SessionReply.PageMenu(true, true, false),
            new SessionReply.Acknowledged(),
            new NodeCommand.DescribeNode(),
            new NodeCommand.EndLost(ID),
            new NodeDrains("node-1"),
            new FindSession(ID),
            new SessionFound(ENDED_SESSION),
            new ReadStory(
                    ID, StoryCursor.START.with(StoryKind.CONSOLE, 7), Set.of(StoryKind.CONSOLE, StoryKind.STATUS), 9),
            new StoryPage(
                    List.of(
                            new SessionCreated(ID, AT),
                            new SessionStarted(ID, AT),
                            new PageNavigated(ID, 3, NAVIGATION),
                            new ActionPerformed(ID, 4, ACTION),
                            new LogAppended(ID, LogKind.CONSOLE, 5, lines(CONSOLE)),
                            new ArtifactKept(ID, 7, ARTIFACT),
                            new SessionEnded(
                                    ID, SessionStatus.COMPLETED, EndReason.IDLE_TIMEOUT, AT, new Traffic(1, 2, 3))),
                    StoryCursor.START.with(StoryKind.ACTION, 3),
                    true),
            new NodeReply.LostEnded(),
            new SessionAccepted(ID, SessionStatus.CREATING, "node-1", AT, AT.plusSeconds(1)),
            new NodeStatus("node-1", 8, 1, 2, 3, 4, 5, "Chrome/140", true, false),
            new NodeCommand.DrainNode(30_000),
            new NodeCommand.UndrainNode(),
            new ExecuteTask(
                    TASK_ID,
                    7,
                    TASK_SPEC,
                    Optional.of(ID),
                    OPTIONS,
                    Optional.of(new CreateSession.Idempotency("key", "hash")),
                    Optional.of(3L),
                    Optional.of("Book a flight"),
                    Map.of("run", "7")),
            new ExecuteTask(TASK_ID, 7, TASK_SPEC, Optional.empty(), PLAIN_OPTIONS),
            TASK,
            ENDED_TASK,
            new TaskCommand.DescribeTask(),
            new TaskCommand.CancelTask(),
            new TaskCommand.AnswerTask("the grüne"),
            new TaskEvent.TaskChanged(TASK),
            new TaskEvent.StepDone(TASK_ID, TASK_STEP));

    private ProtocolSamples() {}

    static Stream<Record> commands() {
        return ALL.stream()
                .filter(sample -> sample instanceof SessionCommand
                        || sample instanceof NodeCommand
                        || sample instanceof HistoryCommand
                        || sample instanceof ExecuteTask
                        || sample instanceof TaskCommand);
    }

    private static LogLines lines(Object... entries) {
        return LogLines.of(Stream.of(entries).map(LogLines::line).toList());
    }
}
