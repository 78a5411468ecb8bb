package dev.berth.cdpclient;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.ChromeVersion;
import dev.berth.browser.Screens;
import dev.berth.browser.cdp.ChromePipe;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.cdp.ScriptedChrome;
import dev.berth.cdpclient.CdpRelays.Chromes;
import dev.berth.cdpclient.CdpRelays.RelayedClient;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that leaves at any moment while it is opened. Session and Chrome are fakes that the test controls. */
@ExtendWith(VertxExtension.class)
class RelayedClientTest {
    private static final CdpEndpoint ENDPOINT = new CdpEndpoint("c-1", Optional.empty(), Optional.empty());

    private final SessionId id = SessionId.random();
    private Vertx vertx;
    private ContextInternal loop;
    private RelayedClient client;

    /** The names of the commands that the session got, in order. */
    private final List<String> heard = new ArrayList<>();

    private Promise<Message<Object>> opensCdp;
    private Promise<Message<Object>> awaitsRunning;
    private Promise<Void> detached;
    private Chrome chrome;

    @BeforeEach
    void start(Vertx with) throws Exception {
        vertx = with;
        RecordCodec.registerAll(vertx);
        loop = ((VertxInternal) vertx).createEventLoopContext();
        opensCdp = loop.promise();
        awaitsRunning = loop.promise();
        detached = loop.promise();
        chrome = new Chrome();
        ChromePipes pipes = new ChromePipes();
        pipes.add(ENDPOINT.chrome(), ChromePipe.of(loop, chrome));
        await(await(on(loop, () -> {
            var session = vertx.eventBus().consumer(Addresses.session(id), this::hear);
            client = new CdpRelays(
                            vertx,
                            new Chromes(pipes, new Screens(), ChromeVersion.of(new JsonObject())),
                            new NodeMetrics().relay())
                    .client(new SessionClient(vertx), id);
            return session.completion();
        })));
    }

    private void hear(Message<Object> message) {
        heard.add(message.body().getClass().getSimpleName());
        if (message.body() instanceof OpenCdp) {
            opensCdp.complete(message);
        } else if (message.body() instanceof AwaitRunning) {
            awaitsRunning.complete(message);
        } else if (message.body() instanceof DetachCdpClient) {
            message.reply(new Acknowledged());
            detached.tryComplete();
        }
    }

    private Future<Void> open() throws Exception {
        return await(on(loop, () -> client.open()));
    }

    private void abandon() throws Exception {
        await(on(loop, () -> {
            client.abandon();
            return null;
        }));
    }

    private void assertGone(Future<Void> opening) throws Exception {
        Throwable why = await(opening.map((Throwable) null).recover(Future::succeededFuture));
        assertThat(why).isInstanceOf(BerthException.class).hasMessage("the client left");
        await(detached.future());
        await(on(loop, () -> assertThat(heard).endsWith("DetachCdpClient")));
    }

    @Test
    void aClientThatLeavesAtOnceIsAbandoned() throws Exception {
        Future<Void> opening = await(on(loop, () -> {
            Future<Void> begun = client.open();
            client.abandon();
            return begun;
        }));
        await(opensCdp.future()).reply(ENDPOINT);
        assertGone(opening);
        assertThat(chrome.asked.future().isComplete()).isFalse();
    }

    @Test
    void aClientThatLeavesWhileTheSessionIsAskedIsAbandoned() throws Exception {
        Future<Void> opening = open();
        Message<Object> asked = await(opensCdp.future());
        abandon();
        asked.reply(ENDPOINT);
        assertGone(opening);
        assertThat(chrome.asked.future().isComplete()).isFalse();
    }

    @Test
    void aClientThatLeavesWhileTheSessionIsCreatedIsAbandoned() throws Exception {
        Future<Void> opening = open();
        await(opensCdp.future()).fail(ErrorCode.SESSION_NOT_RUNNING.number(), "not yet");
        opensCdp = loop.promise();
        // The reply is handled before this.
        await(on(loop, () -> null));
        abandon();
        assertGone(opening);
        await(awaitsRunning.future()).reply(null);
        await(on(loop, () -> null));
        assertThat(opensCdp.future().isComplete()).isFalse();
    }

    @Test
    void aClientThatLeavesWhileChromeIsAskedIsAbandoned() throws Exception {
        Future<Void> opening = open();
        await(opensCdp.future()).reply(ENDPOINT);
        await(chrome.asked.future());
        abandon();
        chrome.on(chrome::answerNext);
        assertGone(opening);
        await(chrome.left.future());
    }

    @Test
    void aClientThatLeavesBeforeItsSocketIsAbandoned() throws Exception {
        Future<Void> opening = open();
        await(opensCdp.future()).reply(ENDPOINT);
        await(chrome.asked.future());
        chrome.on(chrome::answerNext);
        await(opening);
        abandon();
        await(detached.future());
        await(chrome.left.future());
    }

    @Test
    void aSessionThatStartsIsJoinedThen() throws Exception {
        Future<Void> opening = open();
        await(opensCdp.future()).fail(ErrorCode.SESSION_NOT_RUNNING.number(), "not yet");
        opensCdp = loop.promise();
        await(on(loop, () -> null));
        await(awaitsRunning.future()).reply(null);
        await(opensCdp.future()).reply(ENDPOINT);
        await(chrome.asked.future());
        chrome.on(chrome::answerNext);
        await(opening);
    }

    @Test
    void whereASessionThatWasAwaitedEndsItFailsWithWhy() throws Exception {
        Future<Void> opening = open();
        await(opensCdp.future()).fail(ErrorCode.SESSION_NOT_RUNNING.number(), "not yet");
        await(awaitsRunning.future()).fail(ErrorCode.SESSION_ENDED.number(), "its launch failed");
        Throwable why = await(opening.map((Throwable) null).recover(Future::succeededFuture));
        assertThat(((BerthException) why).code()).isEqualTo(ErrorCode.SESSION_ENDED);
    }

    private final class Chrome extends ScriptedChrome {
        /** A client asks for a session of its own, or gives the session back. */
        final Promise<Void> asked = loop.promise();

        final Promise<Void> left = loop.promise();

        Chrome() {
            super(false);
        }

        @Override
        public boolean write(byte[] bytes, int length, LongConsumer onWritten) {
            boolean kept = super.write(bytes, length, onWritten);
            boolean leaves = new String(bytes, 0, length, StandardCharsets.UTF_8).contains("Target.detachFromTarget");
            (leaves ? left : asked).tryComplete();
            return kept;
        }
    }
}
