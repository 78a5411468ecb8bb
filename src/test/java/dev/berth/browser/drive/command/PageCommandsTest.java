package dev.berth.browser.drive.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.Deadline;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs against a pipe whose other end answers as Chrome does. */
@ExtendWith(VertxExtension.class)
class PageCommandsTest {
    private final Queue<JsonObject> heard = new ConcurrentLinkedQueue<>();
    private final Queue<JsonObject> evaluations = new ConcurrentLinkedQueue<>();
    private final Promise<Void> asked = Promise.promise();
    private final PageChrome chrome = new PageChrome();
    private PageSessions sessions;
    private Context context;

    private final class PageChrome extends ScriptedChrome {
        volatile int attachments;
        private int ids;

        PageChrome() {
            super(true);
        }

        @Override
        protected String newId() {
            return "s" + ids++;
        }

        @Override
        protected Optional<JsonObject> script(JsonObject command) {
            heard.add(command);
            String method = command.getString("method");
            if (method.equals("Target.attachToTarget")) {
                String target = command.getJsonObject("params").getString("targetId");
                boolean there = !target.equals("gone");
                attachments += there ? 1 : 0;
                return there ? Optional.empty() : Optional.of(refusal("No target with given id found"));
            } else if (!method.equals("Runtime.evaluate")) {
                return Optional.empty();
            } else if (evaluations.isEmpty()) {
                asked.tryComplete();
            }
            // An answer with an unknown id, if there is no real one.
            return Optional.ofNullable(evaluations.poll()).or(() -> Optional.of(new JsonObject().put("id", -1)));
        }

        /** The latest connection's own. */
        String root() {
            return parents.entrySet().stream()
                    .filter(session -> session.getValue().isEmpty())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @BeforeEach
    void serve(Vertx vertx) {
        context = vertx.getOrCreateContext();
        ChromePipe pipe = ChromePipe.of((ContextInternal) context, chrome);
        sessions = new PageSessions(context, () -> CdpConnection.open(vertx, pipe));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
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
        assertThat(chrome.attachments).isEqualTo(2);
        evaluations.add(value(1));
        detach("s1");
        // Events come in order: those sent before this answer have been handled.
        evaluate(page("b"));
        page("a");
        assertThat(chrome.attachments).isEqualTo(3);
        assertThat(heardOf("Target.attachToBrowserTarget")).hasSize(1);
    }

    private void detach(String sessionId) throws Exception {
        chrome.on(() -> {
            chrome.detach(sessionId);
            return null;
        });
    }

    @Test
    void aFailedAttachIsRetried() {
        for (int i = 1; i <= 2; i++) {
            assertThatThrownBy(() -> page("gone"))
                    .isInstanceOf(ChromeRefusal.class)
                    .hasMessage("No target with given id found");
            assertThat(heardOf("Target.attachToTarget")).hasSize(i);
        }
    }

    @Test
    void aCommandThatChromeRefusesFails() {
        evaluations.add(refusal("Cannot find context with specified id"));
        assertThatThrownBy(() -> evaluate(page("a")))
                .isInstanceOf(ChromeRefusal.class)
                .hasMessage("Cannot find context with specified id");
    }

    @Test
    void aLostConnectionFailsWaitingCommandsAndTheNextOneReconnects() {
        PageCommands commands = page("a");
        asked.future().onSuccess(waiting -> chrome.detach(chrome.root()));
        assertThatThrownBy(() -> evaluate(commands)).hasMessage("the browser is gone");
        evaluations.add(value(1));
        assertThat(evaluate(page("a"))).isEqualTo(1);
        assertThat(chrome.attachments).isEqualTo(2);
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
    void aLargeAnswerTakesItsShareAndReturnsIt() {
        long held = WholeAnswer.MEMORY.usedBytes();
        String large = "é".repeat(2 << 20);
        evaluations.add(value(large));
        assertThat(evaluate(page("a"))).isEqualTo(large);
        assertThat(WholeAnswer.MEMORY.usedBytes()).isEqualTo(held);
    }

    @Test
    void anAnswerOverTheLimitIsNotKept() {
        evaluations.add(value("x".repeat(3 << 20)));
        assertThatThrownBy(() -> evaluate(page("a").withRoomFor(2 << 20)))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("at most 2097152 can be returned at once");
        evaluations.add(value("x".repeat(3 << 20)));
        assertThat(evaluate(page("a"))).asString().hasSize(3 << 20);
    }

    @Test
    void theConnectionIsClosedWithTheHands() throws Exception {
        get(Future.<Void>future(
                done -> context.runOnContext(none -> sessions.close().onComplete(done))));
        page("a");
        get(Future.<Void>future(
                done -> context.runOnContext(one -> sessions.close().onComplete(done))));
        assertThat(chrome.on(() -> chrome.parents)).isEmpty();
    }

    @Test
    void theCommandProxiesAreObjects() {
        PageCommands commands = page("a");
        assertThat(commands.page()).hasToString(commands.toString());
        assertThat(heardOf("Page.toString")).isEmpty();
    }
}
