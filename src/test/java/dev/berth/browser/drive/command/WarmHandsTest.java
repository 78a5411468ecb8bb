package dev.berth.browser.drive.command;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarmHandsTest {
    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    private final JsonArray targets =
            new JsonArray().add(new JsonObject().put("type", "page").put("targetId", "page-1"));
    private final ScriptedChrome chrome = new ScriptedChrome(true) {
        @Override
        protected Optional<JsonObject> script(JsonObject command) {
            return command.getString("method").equals("Target.getTargets")
                    ? Optional.of(new JsonObject().put("result", new JsonObject().put("targetInfos", targets.copy())))
                    : Optional.empty();
        }
    };
    private final ChromePipe pipe = ChromePipe.of(context, chrome);
    private PageSessions sessions;

    @BeforeEach
    void makeSessions() {
        sessions = new PageSessions(context, () -> CdpConnection.open(vertx, pipe));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private Future<WarmHands> hands() {
        Promise<WarmHands> made = Promise.promise();
        context.runOnContext(ignored ->
                CdpConnection.open(vertx, pipe).compose(WarmHands::of).onComplete(made));
        return made.future();
    }

    private long sent(String method) throws Exception {
        return chrome.on(() -> chrome.got.stream()
                .filter(command -> command.getString("method").equals(method))
                .count());
    }

    @Test
    void theSessionUsesThemWithoutACommand() throws Exception {
        WarmHands warm = await(hands());
        int before = chrome.on(() -> chrome.got.size());
        context.runOnContext(ignored -> sessions.take(warm));
        assertThat(sessions.await("page-1").id()).isEqualTo(warm.sessionId());
        assertThat(chrome.<Integer>on(() -> chrome.got.size())).isEqualTo(before);
    }

    @Test
    void otherPagesAreAttachedToOverTheSameConnection() throws Exception {
        WarmHands warm = await(hands());
        context.runOnContext(ignored -> sessions.take(warm));
        assertThat(sessions.await("page-2").id()).isNotEqualTo(warm.sessionId());
        assertThat(sent("Target.attachToBrowserTarget")).isEqualTo(1);
    }

    @Test
    void handsThatAreClosedAreReplaced() throws Exception {
        WarmHands warm = await(hands());
        context.runOnContext(ignored -> warm.connection().close());
        context.runOnContext(ignored -> sessions.take(warm));
        assertThat(sessions.await("page-1").id()).isNotEqualTo(warm.sessionId());
        assertThat(sent("Target.attachToBrowserTarget")).isEqualTo(2);
    }

    @Test
    void aChromeWithoutAPageIsUnfit() {
        targets.clear();
        assertThatThrownBy(() -> await(hands())).hasMessageContaining("no page");
    }
}
