package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactStored;
import dev.berth.protocol.SessionEvent.ConsoleLogged;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.RequestFinished;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionStarted;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");
    private static final SessionId ID = SessionId.random();
    private static final Cost COST = new Cost(0.25, 3, 4);
    private static final SessionOptions OPTIONS = new SessionOptions(
            SessionOptions.CHROMIUM,
            new Viewport(800, 600),
            new SessionTimeouts(1_000, 2_000, 3),
            Optional.of("agent"),
            Optional.of("de-DE"),
            Optional.of("Europe/Berlin"));
    private static final SessionOptions PLAIN_OPTIONS = new SessionOptions(
            SessionOptions.CHROMIUM,
            Viewport.DEFAULT,
            new SessionTimeouts(1_000, 1_000, 0),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    private static final ActionEntry ACTION = new ActionEntry(
            "action-1",
            "navigate",
            AT,
            true,
            Map.of("url", "https://a.b", "status", 200, "nested", Map.of("list", List.of(1, "zwei", true))),
            12,
            ActionSource.REST,
            Optional.empty(),
            Cost.NONE);
    private static final ActionEntry FAILED_ACTION = new ActionEntry(
            "action-2", "evaluate", AT, false, Map.of(), 0, ActionSource.AI, Optional.of("it threw"), COST);
    private static final ConsoleEntry CONSOLE = new ConsoleEntry(
            ConsoleLevel.WARN,
            "grüß \"dich\"\n\u0000😀",
            AT,
            Optional.of("https://a.b/x.js"),
            Optional.of(7),
            "console-api");
    private static final ConsoleEntry BARE_CONSOLE =
            new ConsoleEntry(ConsoleLevel.DEBUG, "", AT, Optional.empty(), Optional.empty(), "exception");
    private static final NetworkEntry NETWORK = new NetworkEntry(
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
            Map.of("server", "x"));
    private static final NetworkEntry FAILED_NETWORK = new NetworkEntry(
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
    private static final NavigationEntry NAVIGATION = new NavigationEntry("https://a.b", "A", AT);
    private static final ArtifactEntry ARTIFACT = new ArtifactEntry(
            "object-1",
            ArtifactType.SCREENSHOT,
            "a/b.png",
            Optional.of("b.png"),
            AT,
            "image/png",
            99,
            ArtifactState.PENDING);
    private static final Cookie COOKIE = new Cookie(
            "name",
            "value",
            Optional.of(".a.b"),
            Optional.of("https://a.b"),
            Optional.of("/c"),
            Optional.of(1.5),
            true,
            true,
            Optional.of("None"));
    private static final Cookie PLAIN_COOKIE = new Cookie(
            "n",
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            Optional.empty());
    private static final LogChunk CHUNK = new LogChunk("logs/1", 2_000, 50);

    private static final List<Record> SAMPLES = List.of(
            new SessionCommand.DescribeSession(),
            new SessionCommand.ReadActions(1L << 40, 2),
            new SessionCommand.ReadArtifacts(),
            new SessionCommand.ReadConsole(3, 4),
            new SessionCommand.ReadNetwork(5, 6),
            new SessionCommand.CheckHealth(),
            new SessionCommand.EndSession(EndReason.CLIENT),
            new PageAction.Navigate("https://a.b", WaitUntil.NETWORKIDLE, 7),
            new PageAction.GoBack(WaitUntil.LOAD, 8),
            new PageAction.GoForward(WaitUntil.DOMCONTENTLOADED, 9),
            new PageAction.Reload(WaitUntil.LOAD, 10),
            new PageAction.TakeScreenshot(true, Optional.of("#x"), ImageFormat.JPEG, Optional.of(80), 11),
            new PageAction.TakeScreenshot(false, Optional.empty(), ImageFormat.PNG, Optional.empty(), 11),
            new PageAction.Evaluate("1 + 1", 12),
            new CdpClientCommand.HoldTargets("cdp-1", Set.of("page")),
            new CdpClientCommand.WatchTargets(),
            new CdpClientCommand.ReleaseTarget("cdp-1", "target", true),
            new ElementAction.Click("#x", MouseButton.RIGHT, 2, 13),
            new ElementAction.Hover("#x", 14),
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
            new PageAction.PrintPdf(new PdfOptions(true, false, 1.5, 8, 11, 0, Optional.of("1-2")), 23),
            new ElementAction.Upload("#x", List.of(new UploadedFile("a.txt", ARTIFACT)), 24),
            new PageAction.ReadCookies(25),
            new PageAction.SetCookies(List.of(COOKIE, PLAIN_COOKIE), 26),
            new CdpClientCommand.ClaimDialogs("client", Set.of("page")),
            new PageAction.AnswerDialogs(true, Optional.of("yes"), 27),
            new ActionReply.PdfPrinted(ARTIFACT),
            new ActionReply.ElementResult("https://a.b", true, Optional.of("missed")),
            new ActionReply.SelectionResult("https://a.b", List.of("a")),
            new ActionReply.ScrollResult(0.5, 1),
            new ActionReply.ContentResult("https://a.b", "A", "text"),
            new ActionReply.SnapshotResult("https://a.b", "A", "- document", "{}"),
            new ActionReply.CookieList(List.of(COOKIE)),
            new SessionReply.SessionSnapshot(
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
                    COST),
            new SessionReply.SessionSnapshot(
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
                    Cost.NONE),
            new SessionReply.ActionPage(List.of(ACTION, FAILED_ACTION), 2, true),
            new SessionReply.ArtifactList(List.of(ARTIFACT), true),
            new SessionReply.ConsoleTail(2_052, List.of(CHUNK), 2_050, List.of(CONSOLE, BARE_CONSOLE)),
            new SessionReply.NetworkTail(2_052, List.of(CHUNK), 2_050, List.of(NETWORK, FAILED_NETWORK)),
            new SessionReply.HealthReport(
                    Health.DEGRADED, SessionStatus.RUNNING, true, "https://a.b", 5, Optional.of("busy")),
            new SessionReply.SessionOver(SessionStatus.CANCELLED, EndReason.NODE_DRAINED),
            new ActionReply.NavigationResult("https://a.b", "A", Optional.of(404), true),
            new ActionReply.NavigationResult("about:blank", "", Optional.empty(), false),
            new ActionReply.NavigationResult("about:blank", "", Optional.of(200), false).gave(ARTIFACT),
            new ActionReply.ScreenshotTaken(ARTIFACT),
            new ActionReply.EvaluationResult("{\"a\":[1,null]}", "object"),
            new SessionStarted(ID, AT),
            new PageNavigated(ID, NAVIGATION),
            new ActionPerformed(ID, ACTION),
            new ConsoleLogged(ID, CONSOLE),
            new RequestFinished(ID, NETWORK),
            new ArtifactStored(ID, ARTIFACT),
            new SessionEnded(ID, SessionStatus.COMPLETED, EndReason.IDLE_TIMEOUT, AT),
            new CreateSession(
                    ID,
                    7,
                    Optional.of("example.com"),
                    OPTIONS,
                    Map.of("k", "v"),
                    Optional.of(new CreateSession.Idempotency("key", "hash"))),
            new CreateSession(ID, 7, Optional.empty(), PLAIN_OPTIONS, Map.of(), Optional.empty()),
            new CdpClientCommand.OpenCdp("cdp-1"),
            new CdpClientCommand.TouchCdpClient("cdp-1", true),
            new CdpClientCommand.DetachCdpClient("cdp-1"),
            new CdpClientCommand.RecordCdpActions(List.of(ACTION, FAILED_ACTION)),
            new SessionReply.CdpEndpoint("127.0.0.1", 9222, "/devtools/browser/x", Optional.of("/d"), Optional.empty()),
            new SessionReply.Acknowledged(),
            new DescribeNode(),
            new EndLost(ID),
            new LostEnded(),
            new SessionAccepted(ID, SessionStatus.CREATING, "node-1", AT, AT.plusSeconds(1)),
            new NodeStatus("node-1", 8, 1, 2, 3, 4, 5, "Chrome/140", true));

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageSurvivesTheWire(Class<?> type) throws ReflectiveOperationException {
        List<Record> samples =
                SAMPLES.stream().filter(s -> s.getClass() == type).toList();
        assertThat(samples).as("samples of %s", type.getName()).isNotEmpty();
        for (Record sample : samples) {
            assertThat(overTheWire(sample)).isEqualTo(sample);
        }
    }

    @Test
    void actionDetailsMayHoldNull() throws ReflectiveOperationException {
        Map<String, Object> details = new HashMap<>();
        details.put("selector", null);
        ActionEntry action = new ActionEntry(
                "action-3", "screenshot", AT, true, details, 1, ActionSource.LIVE, Optional.empty(), Cost.NONE);
        assertThat(overTheWire(new ActionPerformed(ID, action))).isEqualTo(new ActionPerformed(ID, action));
    }

    @Test
    void aMessageIsReadFromWhereItStandsInTheBuffer() throws ReflectiveOperationException {
        RecordCodec<Record> codec = codec(SessionCommand.ReadActions.class);
        Buffer buffer = Buffer.buffer("before");
        codec.encodeToWire(buffer, new SessionCommand.ReadActions(1, 2));
        buffer.appendString("after");
        assertThat(codec.decodeFromWire("before".length(), buffer)).isEqualTo(new SessionCommand.ReadActions(1, 2));
    }

    @Test
    void withinTheJvmTheRecordItselfIsDelivered() throws ReflectiveOperationException {
        Record message = new SessionCommand.ReadActions(1, 2);
        assertThat(codec(message.getClass()).transform(message)).isSameAs(message);
    }

    @Test
    void aFieldOfANewerNodeIsPassedOver() throws ReflectiveOperationException {
        String json = "{\"offset\":1,\"limit\":2,\"newer\":3}";
        Buffer buffer = Buffer.buffer().appendInt(json.length()).appendString(json);
        assertThat(codec(SessionCommand.ReadActions.class).decodeFromWire(0, buffer))
                .isEqualTo(new SessionCommand.ReadActions(1, 2));
    }

    @Test
    void everyMessageHasACodecNameOfItsOwn() {
        List<String> names = messages().map(type -> nameOf(type)).toList();
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void errorNumbersAreUniqueAndNoneIsTheBusesOwn() {
        List<Integer> numbers =
                Arrays.stream(ErrorCode.values()).map(ErrorCode::number).toList();
        // -1, 0 and 1 are what Vert.x itself and handlers that threw reply with.
        assertThat(numbers).doesNotHaveDuplicates().doesNotContain(-1, 0, 1);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void anErrorIsFoundByItsNumber(ErrorCode code) {
        assertThat(ErrorCode.ofNumber(code.number())).isEqualTo(code);
    }

    @Test
    void anUnknownErrorNumberIsInternal() {
        assertThat(ErrorCode.ofNumber(1)).isEqualTo(ErrorCode.INTERNAL);
    }

    private static Stream<Class<?>> messages() {
        return Stream.of(
                        SessionCommand.class,
                        SessionReply.class,
                        SessionEvent.class,
                        NodeCommand.class,
                        NodeReply.class)
                .flatMap(RecordCodecTest::records);
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(RecordCodecTest::records)
                : Stream.of(type);
    }

    private static Record overTheWire(Record message) throws ReflectiveOperationException {
        RecordCodec<Record> codec = codec(message.getClass());
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, message);
        return codec.decodeFromWire(0, buffer);
    }

    private static String nameOf(Class<?> type) {
        try {
            return codec(type).name();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static RecordCodec<Record> codec(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = RecordCodec.class.getDeclaredConstructor(Class.class);
        constructor.setAccessible(true);
        return (RecordCodec<Record>) constructor.newInstance(type);
    }

    private static Stream<Record> commands() {
        return SAMPLES.stream().filter(sample -> sample instanceof SessionCommand || sample instanceof CreateSession);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandRefusesWhatIsMissing(Record command) throws Exception {
        RecordComponent[] components = command.getClass().getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        for (int i = 0; i < components.length; i++) {
            if (types[i].isPrimitive()) {
                continue;
            }
            Object[] values = new Object[components.length];
            for (int j = 0; j < values.length; j++) {
                values[j] = j == i ? null : components[j].getAccessor().invoke(command);
            }
            Constructor<?> constructor = command.getClass().getDeclaredConstructor(types);
            String field = components[i].getName();
            assertThatThrownBy(() -> constructor.newInstance(values))
                    .cause()
                    .isInstanceOf(BerthException.class)
                    .hasMessage(field + " is missing");
        }
    }

    static Stream<Arguments> collections() {
        return commands()
                .flatMap(command -> Stream.of(command.getClass().getRecordComponents())
                        .filter(component -> List.class.isAssignableFrom(component.getType())
                                || Map.class.isAssignableFrom(component.getType()))
                        .map(component -> Arguments.of(command, component.getName())));
    }

    @ParameterizedTest
    @MethodSource("collections")
    void aCommandRefusesNullWithinACollection(Record command, String field) throws Exception {
        RecordComponent[] components = command.getClass().getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Map<String, String> map = new HashMap<>();
        map.put("key", null);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = !components[i].getName().equals(field)
                    ? components[i].getAccessor().invoke(command)
                    : types[i] == Map.class ? map : Arrays.asList(new Object[] {null});
        }
        Constructor<?> constructor = command.getClass().getDeclaredConstructor(types);
        assertThatThrownBy(() -> constructor.newInstance(values))
                .cause()
                .isInstanceOf(BerthException.class)
                .hasMessage(field + " must not contain null");
    }

    @Test
    void aCommandRefusesATimeoutThatIsNone() {
        for (long millis : new long[] {0, -1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> new PageAction.ReadCookies(millis))
                    .isInstanceOf(BerthException.class)
                    .hasMessageStartingWith("timeout must be from 1 to 3600000");
        }
    }

    @Test
    void aSessionThatWouldEndAtOnceIsRefused() {
        SessionOptions idle = new SessionOptions(
                SessionOptions.CHROMIUM,
                Viewport.DEFAULT,
                new SessionTimeouts(0, 60_000, 0),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThatThrownBy(() -> new CreateSession(ID, 1, Optional.empty(), idle, Map.of(), Optional.empty()))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith("options.timeouts.idle must be from 1000 to ");
    }
}
