package dev.berth.live;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.ScreenState;
import dev.berth.fake.RawWebSocket;
import dev.berth.live.FileKeeping.SentFile;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.ProtocolSamples;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskView.TaskEvent;
import dev.berth.protocol.TaskView.TaskEvent.StepDone;
import dev.berth.protocol.TaskView.TaskEvent.TaskChanged;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over real sockets, with a fake screen and a fake session. */
@ExtendWith(VertxExtension.class)
class ViewerTest {
    private static final long HOLDER = 7;

    private final SessionId id = SessionId.random();
    private final FakeScreen screen = new FakeScreen();
    /** What the session was asked, in order. */
    private final BlockingQueue<Object> asked = new LinkedBlockingQueue<>();

    private final BlockingQueue<Viewer> viewers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> left = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private ContextInternal loop;
    private boolean interactive = true;
    /** Look-ups of tasks that are under way. */
    private final BlockingQueue<Promise<List<TaskEvent>>> reads = new LinkedBlockingQueue<>();

    private NetServer server;
    private RawWebSocket client;

    @BeforeEach
    void listen(Vertx with) throws Exception {
        vertx = with;
        RecordCodec.registerAll(vertx);
        loop = ((VertxInternal) vertx).createEventLoopContext();
        Viewers made = new Viewers(
                vertx,
                session -> Optional.of(screen),
                new RefusingStore(),
                new SessionTasks(new AgentClient(vertx), (session, limit) -> {
                    Promise<List<TaskEvent>> read = Promise.promise();
                    reads.add(read);
                    return read.future();
                }),
                new NodeMetrics().viewers());
        server = await(await(on(
                loop,
                () -> vertx.eventBus()
                        .consumer(Addresses.session(id), this::answer)
                        .completion()
                        .compose(ready -> vertx.createNetServer()
                                .connectHandler(socket -> {
                                    socket.pause();
                                    Viewer viewer = made.viewer(
                                            new SessionClient(vertx),
                                            id,
                                            HOLDER,
                                            new Rights(interactive, true),
                                            file -> new JsonObject());
                                    viewer.open().onSuccess(opened -> {
                                        viewer.start(socket).onComplete(over -> left.add(true));
                                        socket.resume();
                                        viewers.add(viewer);
                                    });
                                })
                                .listen(0, "127.0.0.1")))));
    }

    private static final class RefusingStore implements FileKeeping {
        @Override
        public Future<List<UploadedFile>> store(SessionId session, List<SentFile> files) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.UPSTREAM,
                    files.stream()
                            .map(file -> file.name() + "=" + file.content())
                            .toList()
                            .toString()));
        }

        @Override
        public void discard(List<UploadedFile> files) {
            throw new IllegalStateException("nothing was stored");
        }
    }

    private void answer(Message<Object> message) {
        if (message.body() instanceof AwaitRunning) {
            message.reply(ProtocolSamples.ALL.stream()
                    .filter(SessionDescription.class::isInstance)
                    .findFirst()
                    .orElseThrow());
        } else {
            asked.add(message.body());
            message.reply(new Acknowledged());
        }
    }

    private RawWebSocket connect() {
        client = new RawWebSocket("127.0.0.1", server.actualPort());
        return client;
    }

    @AfterEach
    void leave() {
        if (client != null) {
            client.close();
        }
    }

    private Object asked() throws InterruptedException {
        return asked.poll(30, TimeUnit.SECONDS);
    }

    private static JsonObject message(String type) {
        return new JsonObject().put("type", type);
    }

    private static Buffer picture(int bytes, int number) {
        return Buffer.buffer(new byte[bytes]).setInt(0, number);
    }

    @Test
    void aFrameComesWithItsPictureAfterIt() {
        connect();
        assertThat(client.next("view").getBoolean("interactive")).isTrue();
        screen.show(FakeScreen.pages("A", "A"));
        client.next("pages", pages -> "A".equals(pages.getString("shown")));
        screen.show("A", picture(100_000, 7));
        JsonObject head = client.next("frame");
        assertThat(head)
                .isEqualTo(message("frame")
                        .put("pageId", "A")
                        .put("timestamp", 1_000)
                        .put("width", 800)
                        .put("height", 600)
                        .put("bytes", 100_000));
        RawWebSocket.Frame picture = client.next();
        assertThat(picture.opcode()).isEqualTo(RawWebSocket.BINARY);
        assertThat(picture.payload()).isEqualTo(picture(100_000, 7).getBytes());
    }

    @Test
    void aViewerThatReadsSlowlyGetsTheLatestFrameAndHoldsUpNobody() throws Exception {
        connect();
        client.next("view");
        try (RawWebSocket other = new RawWebSocket("127.0.0.1", server.actualPort())) {
            other.next("view");
            for (int number = 0; number < 100; number++) {
                screen.show("A", picture(200_000, number));
                other.next("frame");
                assertThat(Buffer.buffer(other.next().payload()).getInt(0)).isEqualTo(number);
            }
            int frames = 0;
            int last = -1;
            while (last != 99) {
                client.next("frame");
                int number = Buffer.buffer(client.next().payload()).getInt(0);
                assertThat(number).isGreaterThan(last);
                last = number;
                frames++;
            }
            assertThat(frames).as("20 MB were not kept for it").isLessThan(50);
        }
    }

    @Test
    void whatIsReadOfATaskDoesNotReplaceWhatWasHeardSince() throws InterruptedException {
        TaskEvent waits = told(TaskChanged.class);
        TaskEvent step = told(StepDone.class);
        connect();
        Promise<List<TaskEvent>> read = reads.take();
        vertx.eventBus().publish(Addresses.taskEvents(id), step);
        assertThat(client.next("task").getString("status")).isEqualTo("running");
        read.complete(List.of(waits));
        vertx.eventBus().publish(Addresses.taskEvents(id), step);
        assertThat(client.next("task").getString("status")).isEqualTo("running");
        vertx.eventBus().publish(Addresses.taskEvents(id), waits);
        JsonObject task = client.next("task");
        assertThat(task.getString("status")).isEqualTo("waiting");
        assertThat(task.getJsonObject("step").getString("tool")).isEqualTo("click");
    }

    private static TaskEvent told(Class<? extends TaskEvent> type) {
        return ProtocolSamples.ALL.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aViewerThatReadsSlowlyGetsTheLatestState() {
        connect();
        client.next("view");
        for (int number = 0; number < 20; number++) {
            screen.show("A", picture(200_000, number)); // fills the socket
        }
        for (int number = 0; number <= 5_000; number++) {
            screen.show(new ScreenState(
                    List.of(new ScreenState.Page("A", "title " + number, "http://x", true)),
                    List.of(),
                    List.of(),
                    List.of(),
                    "default"));
        }
        int told = 0;
        String title = "";
        while (!title.equals("title 5000")) {
            title = client.next("pages").getJsonArray("pages").getJsonObject(0).getString("title");
            told++;
        }
        assertThat(told).isLessThan(100);
    }

    private void assertShown(String pageId, boolean follows) {
        JsonObject pages = client.next("pages");
        assertThat(pages.getString("shown")).isEqualTo(pageId);
        assertThat(pages.getBoolean("follows")).isEqualTo(follows);
    }

    @Test
    void aViewerStaysWithThePageThatItChoseUntilItCloses() {
        connect();
        screen.show(FakeScreen.pages("A", "A", "B"));
        client.next("pages", pages -> pages.getJsonArray("pages").size() == 2);
        client.send(message("show").put("pageId", "B"));
        assertShown("B", false);
        screen.show("A", picture(10, 1));
        screen.show("B", picture(10, 2));
        assertThat(client.next("frame").getString("pageId")).isEqualTo("B");
        screen.show(FakeScreen.pages("A", "A"));
        assertShown("A", true);
        assertThat(screen.asked).containsExactly("active", "B", "active");
    }

    @Test
    void aPageThatIsNotOpenCantBeShown() {
        connect();
        client.send(message("show").put("pageId", "X"));
        assertThat(client.next("error").getString("message")).isEqualTo("the session has no open page with this id");
    }

    @Test
    void inputReachesTheSessionInOrder() throws Exception {
        connect();
        screen.show(FakeScreen.pages("A", "A", "B"));
        client.next("pages", pages -> pages.getJsonArray("pages").size() == 2);
        client.send(
                message("mouse").put("action", "down").put("x", 1.5).put("y", 2).put("button", "left"));
        client.send(message("paste").put("text", "grüße").put("pageId", "B"));
        client.send(message("wheel").put("x", 1).put("y", 2).put("deltaY", 30));
        assertThat(asked()).isInstanceOfSatisfying(LiveCommand.Mouse.class, mouse -> {
            assertThat(mouse.pageId()).as("the shown one").isEqualTo("A");
            assertThat(mouse.x()).isEqualTo(1.5);
        });
        assertThat(asked()).isEqualTo(new LiveCommand.Paste("B", "grüße"));
        assertThat(asked()).isInstanceOf(LiveCommand.Wheel.class);
    }

    @Test
    void whoMayOnlyWatchChoosesThePageButDoesNotAct() throws Exception {
        interactive = false;
        connect();
        assertThat(client.next("view").getBoolean("interactive")).isFalse();
        screen.show(FakeScreen.pages("A", "A", "B"));
        client.next("pages", pages -> pages.getJsonArray("pages").size() == 2);
        client.send(message("paste").put("text", "x"));
        assertThat(client.next("error").getString("message")).isEqualTo("this link is for watching only");
        client.send(message("show").put("pageId", "B"));
        client.next("pages", pages -> pages.getString("shown").equals("B"));
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | a message must be a JSON object",
                "{\"type\":\"dance\"} | 'dance' is not a known type",
                "{} | type is missing",
                "{\"type\":\"paste\"} | text is missing",
                "{\"type\":\"paste\",\"text\":7} | text must be a string",
                "{\"type\":\"paste\",\"text\":\"x\",\"pageId\":\"A\",\"txt\":1} | txt is not a known field",
                "{\"type\":\"wheel\",\"x\":\"1\",\"y\":2,\"pageId\":\"A\"} | x must be a number",
                "{\"type\":\"mouse\",\"action\":\"jump\",\"x\":1,\"y\":2} | action must be one of move, down, up",
                "{\"type\":\"touch\",\"action\":\"start\",\"points\":[1]} | points.0 must be an object",
                "{\"type\":\"select\",\"selectId\":\"s\",\"indexes\":[1.5]} | indexes.0 must be a whole number",
                "{\"type\":\"files\",\"chooserId\":\"c\",\"files\":[null]} | files must be a list of objects",
                "{\"type\":\"files\",\"chooserId\":\"c\",\"files\":[{\"name\":\"n\",\"bytes\":-1}]} | files.0.bytes must be from 0"
            })
    void aMessageThatIsNoneIsNamed(String message, String why) {
        connect();
        client.send(RawWebSocket.TEXT, Buffer.buffer(message));
        assertThat(client.next("error").getString("message")).startsWith(why);
    }

    @Test
    void rubbishAgainAndAgainClosesTheSocket() {
        connect();
        for (int i = 0; i < 30; i++) {
            client.send(RawWebSocket.TEXT, Buffer.buffer("{}"));
        }
        RawWebSocket.Frame closed = client.closed();
        assertThat(closed.closeCode()).isEqualTo(1008);
    }

    @Test
    void aLargeMessageClosesTheSocket() {
        connect();
        client.send(RawWebSocket.TEXT, Buffer.buffer("x".repeat(ViewerInput.MAX_TEXT_BYTES + 1)));
        assertThat(client.closed().closeCode()).isEqualTo(1009);
    }

    private void waitForFiles() {
        screen.show(new ScreenState(
                List.of(), List.of(), List.of(new ScreenState.Chooser("A", "c", true, "")), List.of(), "default"));
        connect();
        assertThat(client.next("fileChooser").getString("chooserId")).isEqualTo("c");
    }

    @Test
    void filesThatNobodyWaitsForAreNotReceived() {
        connect();
        JsonArray files = new JsonArray().add(new JsonObject().put("name", "n").put("bytes", 3));
        client.send(message("files").put("chooserId", "c").put("pageId", "A").put("files", files));
        assertThat(client.next("error").getString("message")).isEqualTo("no page is waiting for these files");
    }

    @Test
    void filesAreReceivedAsAnnounced() {
        waitForFiles();
        JsonArray files = new JsonArray()
                .add(new JsonObject().put("name", "one").put("bytes", 3))
                .add(new JsonObject().put("name", "none").put("bytes", 0))
                .add(new JsonObject().put("name", "two").put("bytes", 4));
        client.send(message("files").put("chooserId", "c").put("pageId", "A").put("files", files));
        client.send(RawWebSocket.BINARY, Buffer.buffer("abc"));
        client.send(RawWebSocket.BINARY, Buffer.buffer("defg"));
        assertThat(client.next("error").getString("message")).isEqualTo("[one=abc, none=, two=defg]");
        client.send(RawWebSocket.BINARY, Buffer.buffer("x"));
        assertThat(client.closed().closeCode()).as("not announced").isEqualTo(1003);
    }

    @Test
    void filesThatAreTooLargeTogetherAreNotReceived() {
        waitForFiles();
        JsonArray files = new JsonArray();
        for (int i = 0; i < 2; i++) {
            files.add(new JsonObject().put("name", "n").put("bytes", FileIntake.MAX_BYTES));
        }
        client.send(message("files").put("chooserId", "c").put("pageId", "A").put("files", files));
        assertThat(client.closed().closeCode()).isEqualTo(1009);
    }

    @Test
    void theEndIsToldWithItsReason() throws Exception {
        connect();
        client.next("view");
        vertx.eventBus()
                .publish(
                        Addresses.events(id),
                        new SessionEnded(
                                id, SessionStatus.COMPLETED, EndReason.IDLE_TIMEOUT, Instant.EPOCH, Traffic.NONE));
        assertThat(client.next("ended").getString("reason")).isEqualTo("idle_timeout");
        RawWebSocket.Frame closed = client.closed();
        assertThat(closed.closeCode()).isEqualTo(4010);
        assertThat(closed.closeReason()).isEqualTo("the session ended: idle_timeout");
        client.send(RawWebSocket.CLOSE, Buffer.buffer(closed.payload()));
        assertThat(client.isOver()).isTrue();
        assertThat(left.poll(30, TimeUnit.SECONDS)).isTrue();
        assertThat(screen.isWatched()).isFalse();
    }

    @Test
    void aViewerThatLeavesWatchesNoMore() throws Exception {
        connect().next("view");
        client.close();
        assertThat(left.poll(30, TimeUnit.SECONDS)).isTrue();
        assertThat(screen.isWatched()).isFalse();
    }

    @Test
    void aViewerThatLeavesLetsGoOfWhatItHolds() throws Exception {
        connect();
        client.send(message("mouse")
                .put("action", "down")
                .put("x", 1)
                .put("y", 2)
                .put("button", "left")
                .put("pageId", "A"));
        assertThat(asked()).isInstanceOf(LiveCommand.Mouse.class);
        client.close();
        assertThat(asked()).isInstanceOfSatisfying(LiveCommand.Mouse.class, mouse -> {
            assertThat(mouse.action()).isEqualTo(LiveCommand.MouseAction.UP);
            assertThat(mouse.button()).isEqualTo(LiveCommand.Button.LEFT);
        });
    }

    @Test
    void stoppingClosesTheSocketWithTheReason() throws Exception {
        connect().next("view");
        Viewer viewer = viewers.poll(30, TimeUnit.SECONDS);
        on(loop, () -> viewer.stop(new CloseReason(4003, "why")));
        RawWebSocket.Frame closed = client.closed();
        assertThat(closed.closeCode()).isEqualTo(4003);
        assertThat(closed.closeReason()).isEqualTo("why");
    }
}
