package dev.berth.browser.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ScriptedChrome;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class WarmPageTest {
    private final ScriptedChrome chrome = new ScriptedChrome(true) {
        @Override
        protected Optional<JsonObject> script(JsonObject command) {
            JsonObject page = new JsonObject().put("type", "page").put("targetId", "page-1");
            return command.getString("method").equals("Target.getTargets")
                    ? Optional.of(new JsonObject()
                            .put("result", new JsonObject().put("targetInfos", new JsonArray().add(page))))
                    : Optional.empty();
        }
    };

    @Test
    void itsConnectionIsClosedOnItsOwnContextWhoeverTakesTheChrome(Vertx vertx) throws Exception {
        Context context = vertx.getOrCreateContext();
        Promise<WarmPage> made = Promise.promise();
        context.runOnContext(ignored -> CdpConnection.open(vertx, ChromePipe.of((ContextInternal) context, chrome))
                .compose(connection -> WarmPage.of(context, connection))
                .onComplete(made));
        WarmPage page = made.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        CountDownLatch busy = new CountDownLatch(1);
        context.runOnContext(ignored -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        page.leave();
        assertThat(page.connection().closed().isComplete()).isFalse();
        busy.countDown();
        page.connection().closed().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
