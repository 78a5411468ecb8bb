package dev.berth.browser.drive.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.Deadline;
import dev.berth.browser.DevToolsEndpoint;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromeRefusal;
import dev.berth.browser.cdp.ResultBudget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Against a server that answers as Chrome does. */
@ExtendWith(VertxExtension.class)
class PageCommandsTest {
    private final Queue<JsonObject> heard = new ConcurrentLinkedQueue<>();
    private final Queue<ServerWebSocket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<JsonObject> evaluations = new ArrayDeque<>();
    private final Promise<Void> asked = Promise.promise();
    private int attachments;
    private PageSessions sessions;
    private Context context;

    @BeforeEach
    void serve(Vertx vertx) throws Exception {
        HttpServer chrome = get(vertx.createHttpServer()
                .webSocketHandler(socket -> {
                    sockets.add(socket);
                    socket.textMessageHandler(text -> answer(socket, new JsonObject(text)));
                })
                .listen(0, "127.0.0.1"));
        NetClient client = vertx.createNetClient();
        DevToolsEndpoint endpoint = new DevToolsEndpoint(chrome.actualPort(), "/devtools/browser/1");
        context = vertx.getOrCreateContext();
        sessions = new PageSessions(context, () -> CdpConnection.connect(vertx, client, endpoint));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void answer(ServerWebSocket socket, JsonObject command) {
        heard.add(command);
        String method = command.getString("method");
        JsonObject answer = new JsonObject().put("id", command.getInteger("id"));
        if (method.equals("Target.attachToTarget")) {
            String target = command.getJsonObject("params").getString("targetId");
            boolean there = !target.equals("gone");
            answer.mergeIn(
                    there
                            ? new JsonObject().put("result", new JsonObject().put("sessionId", "s" + ++attachments))
                            : refusal("No target with given id found"));
        } else if (evaluations.isEmpty()) {
            asked.tryComplete();
            return;
        } else {
            answer.mergeIn(evaluations.remove()).put("sessionId", command.getString("sessionId"));
        }
        socket.writeTextMessage(answer.encode());
    }

    private static JsonObject refusal(String message) {
        return new JsonObject()
                .put("error", new JsonObject().put("code", -32_000).put("message", message));
    }

    private static JsonObject value(Object value) {
        JsonObject object = new JsonObject().put("type", "object").put("value", value);
        return new JsonObject().put("result", new JsonObject().put("result", object));
    }

    private PageCommands page(String targetId) {
        return new PageCommands(sessions.await(targetId), new Deadline(30_000));
    }

    private static Object evaluate(PageCommands commands) {
        return commands.runtime().evaluate("1").getResult().getValue();
    }

    private List<JsonObject> heardOf(String method) {
        return heard.stream()
                .filter(command -> command.getString("method").equals(method))
                .toList();
    }

    @Test
    void aCommandGoesToThePagesSessionAndItsAnswerComesBack() {
        evaluations.add(value(7));
        assertThat(evaluate(page("a"))).isEqualTo(7);
        assertThat(heardOf("Target.attachToTarget").get(0).getJsonObject("params"))
                .isEqualTo(new JsonObject().put("targetId", "a").put("flatten", true));
        JsonObject sent = heardOf("Runtime.evaluate").get(0);
        assertThat(sent.getString("sessionId")).isEqualTo("s1");
        assertThat(sent.getJsonObject("params")).isEqualTo(new JsonObject().put("expression", "1"));
    }

    @Test
    void aPageIsAttachedToOnceAndAgainWhenItsSessionIsGone() throws Exception {
        page("a");
        page("a");
        page("b");
        assertThat(attachments).isEqualTo(2);
        evaluations.add(value(1));
        detach("s1");
        // Heard in order: what was told before this answer is known.
        evaluate(page("b"));
        page("a");
        assertThat(attachments).isEqualTo(3);
        assertThat(sockets).hasSize(1);
    }

    private void detach(String sessionId) throws Exception {
        get(sockets.peek()
                .writeTextMessage(new JsonObject()
                        .put("method", "Target.detachedFromTarget")
                        .put("params", new JsonObject().put("sessionId", sessionId))
                        .encode()));
    }

    @Test
    void aPageThatCanNotBeAttachedToIsTriedAgain() {
        for (int i = 1; i <= 2; i++) {
            assertThatThrownBy(() -> page("gone"))
                    .isInstanceOf(ChromeRefusal.class)
                    .hasMessage("No target with given id found");
            assertThat(heardOf("Target.attachToTarget")).hasSize(i);
        }
    }

    @Test
    void whatChromeRefusesFails() {
        evaluations.add(refusal("Cannot find context with specified id"));
        assertThatThrownBy(() -> evaluate(page("a")))
                .isInstanceOf(ChromeRefusal.class)
                .hasMessage("Cannot find context with specified id");
    }

    @Test
    void aLostConnectionFailsWhatWaitsAndTheNextCommandHasANewOne() {
        PageCommands commands = page("a");
        asked.future().onSuccess(waiting -> sockets.remove().close());
        assertThatThrownBy(() -> evaluate(commands)).hasMessage("the browser is gone");
        evaluations.add(value(1));
        assertThat(evaluate(page("a"))).isEqualTo(1);
        assertThat(attachments).isEqualTo(2);
    }

    @Test
    void aThreadThatWaitsCanBeInterrupted() {
        PageCommands commands = page("a");
        Thread waiting = Thread.currentThread();
        asked.future().onSuccess(now -> waiting.interrupt());
        assertThatThrownBy(() -> evaluate(commands)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void noCommandIsSentWhenTheTimeIsUp() {
        Deadline deadline = new Deadline(0);
        PageCommands commands = new PageCommands(sessions.await("a"), deadline);
        assertThatThrownBy(() -> evaluate(commands))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(heardOf("Runtime.evaluate")).isEmpty();
    }

    @Test
    void aLargeAnswerTakesItsRoomAndGivesItBack() {
        long held = ResultBudget.OF_PROCESS.held();
        String large = "é".repeat(2 << 20);
        evaluations.add(value(large));
        assertThat(evaluate(page("a"))).isEqualTo(large);
        assertThat(ResultBudget.OF_PROCESS.held()).isEqualTo(held);
    }

    @Test
    void anAnswerThatIsLargerThanItMayBeIsNotKept() {
        evaluations.add(value("x".repeat(3 << 20)));
        assertThatThrownBy(() -> evaluate(page("a").withRoomFor(2 << 20)))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("at most 2097152 are given at once");
        evaluations.add(value("x".repeat(3 << 20)));
        assertThat(evaluate(page("a"))).asString().hasSize(3 << 20);
    }

    @Test
    void theConnectionIsClosedWithTheHands() throws Exception {
        Promise<Void> closed = Promise.promise();
        get(Future.<Void>future(
                done -> context.runOnContext(none -> sessions.close().onComplete(done))));
        page("a");
        sockets.peek().closeHandler(closed::complete);
        get(Future.<Void>future(
                done -> context.runOnContext(one -> sessions.close().onComplete(done))));
        get(closed.future());
    }

    @Test
    void theCommandsOfAPageAreObjects() {
        PageCommands commands = page("a");
        assertThat(commands.page()).hasToString(commands.toString());
        assertThat(heardOf("Page.toString")).isEmpty();
    }
}
