package dev.berth.browser.cdp;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that goes to another context. */
class CdpConnectionMoveTest {
    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal first = ((VertxInternal) vertx).createEventLoopContext();
    private final ContextInternal second = ((VertxInternal) vertx).createEventLoopContext();
    private final List<Integer> heard = new CopyOnWriteArrayList<>();
    private final List<Context> heardOn = new CopyOnWriteArrayList<>();
    private final Semaphore heardMore = new Semaphore(0);
    private final Promise<Void> heardAll = Promise.promise();
    private boolean pipeCanMove = true;
    private final ScriptedChrome chrome = new ScriptedChrome(true) {
        @Override
        public boolean canMove() {
            return pipeCanMove;
        }
    };
    private CdpConnection connection;

    @BeforeEach
    void open() throws Exception {
        connection = opened();
    }

    private CdpConnection opened() throws Exception {
        return here(
                first,
                () -> CdpConnection.open(vertx, ChromePipe.of(first, chrome)).onSuccess(this::listen));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static CdpConnection here(Context context, Supplier<Future<CdpConnection>> work) throws Exception {
        Promise<CdpConnection> made = Promise.promise();
        context.runOnContext(ignored -> work.get().onComplete(made));
        return await(made.future());
    }

    private void listen(CdpConnection to) {
        to.onEvent(event -> {
            if (event.method().equals("Some.event")) {
                heardOn.add(vertx.getOrCreateContext());
                heard.add(event.params().getInteger("n"));
                heardMore.release();
            } else if (event.method().equals("The.end")) {
                heardAll.complete();
            }
        });
    }

    private CdpConnection move(CdpConnection from, Context to) throws Exception {
        return here(to, () -> from.moveHere().onSuccess(this::listen));
    }

    /** Chrome tells the connection's own session of this, in the order of the calls. */
    private void tell(String method, int n) throws Exception {
        chrome.on(() -> {
            say(method, n);
            return null;
        });
    }

    private void say(String method, int n) {
        String session = chrome.parents.keySet().iterator().next();
        chrome.say(session, ScriptedChrome.event(method, numbered(n)));
        chrome.speak();
    }

    private static JsonObject numbered(int n) {
        return new JsonObject().put("n", n);
    }

    private Future<JsonObject> send(CdpConnection by, Context context, int n) {
        return Future.future(answered -> context.runOnContext(ignored ->
                by.send(CdpConnection.BROWSER, "Echo.it", numbered(n)).onComplete(answered)));
    }

    @Test
    void eventsComeToTheNewContextOnceAndInOrder() throws Exception {
        Thread talking = new Thread(() -> {
            try {
                for (int n = 0; n < 500; n++) {
                    tell("Some.event", n);
                }
                tell("The.end", 0);
            } catch (Exception e) {
                heardAll.tryFail(e);
            }
        });
        talking.start();
        for (int i = 0; i < 20; i++) {
            // So that each context hears some.
            assertThat(heardMore.tryAcquire(20, 30, TimeUnit.SECONDS)).isTrue();
            connection = moveOnceIdle(i % 2 == 0 ? second : first);
        }
        await(heardAll.future());
        talking.join();
        assertThat(heard).isEqualTo(IntStream.range(0, 500).boxed().toList());
        assertThat(heardOn).containsOnly(first, second);
        assertThat(await(send(connection, first, 7)).getJsonObject("echo")).isEqualTo(numbered(7));
    }

    private CdpConnection moveOnceIdle(Context to) throws Exception {
        while (true) {
            try {
                return move(connection, to);
            } catch (ExecutionException e) {
                assertThat(e).hasMessageContaining("busy");
            }
        }
    }

    @Test
    void whatComesOnTheWayIsHeardWhereItGoes() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        first.runOnContext(ignored -> waitFor(busy));
        Future<CdpConnection> moving = Future.future(moved -> second.runOnContext(
                ignored -> connection.moveHere().onSuccess(this::listen).onComplete(moved)));
        await(on(second, () -> null));
        // Behind its leave, and before its arrival.
        first.nettyEventLoop().execute(() -> say("Some.event", 1));
        first.nettyEventLoop().execute(() -> say("Some.event", 2));
        first.nettyEventLoop().execute(() -> say("The.end", 0));
        busy.countDown();
        await(moving);
        await(heardAll.future());
        assertThat(heard).containsExactly(1, 2);
        assertThat(heardOn).containsOnly(second);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void thePipeIsReadOnTheNewContext() throws Exception {
        CdpConnection moved = move(connection, second);
        await(send(moved, second, 1));
        assertThat(chrome.loop()).isSameAs(second.nettyEventLoop());
    }

    @Test
    void aPipeThatStaysIsHeardOnTheNewContext() throws Exception {
        pipeCanMove = false;
        CdpConnection moved = move(connection, second);
        tell("Some.event", 1);
        tell("Some.event", 2);
        assertThat(await(send(moved, second, 3)).getJsonObject("echo")).isEqualTo(numbered(3));
        assertThat(heard).containsExactly(1, 2);
        assertThat(heardOn).containsOnly(second);
        assertThat(chrome.loop()).isSameAs(first.nettyEventLoop());
    }

    @Test
    void theFormerOneCanDoNothingMore() throws Exception {
        CdpConnection moved = move(connection, second);
        assertThatThrownBy(() -> await(send(connection, first, 1))).hasMessageContaining("Session");
        assertThatThrownBy(() -> move(connection, second)).hasMessageContaining("closed");
        await(on(first, () -> connection.close()));
        assertThat(await(send(moved, second, 2)).getJsonObject("echo")).isEqualTo(numbered(2));
        assertThat(moved.closed().isComplete()).isFalse();
    }

    @Test
    void anAnswerToTheFormerOneIsNotTakenForItsOwn() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        first.runOnContext(ignored -> waitFor(busy));
        // Both are sent before Chrome answers.
        Future<JsonObject> late = send(connection, first, 1);
        Future<CdpConnection> moving = Future.future(
                moved -> second.runOnContext(ignored -> connection.moveHere().onComplete(moved)));
        await(on(second, () -> null));
        busy.countDown();
        CdpConnection moved = await(moving);
        assertThat(await(send(moved, second, 2)).getJsonObject("echo")).isEqualTo(numbered(2));
        assertThat(late.isComplete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfChromeIsHeardThoughItComesOnTheWay(boolean beforeItLeaves) throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        first.runOnContext(ignored -> waitFor(busy));
        if (beforeItLeaves) {
            first.nettyEventLoop().execute(chrome::die);
        }
        Future<CdpConnection> moving = Future.future(
                moved -> second.runOnContext(ignored -> connection.moveHere().onComplete(moved)));
        await(on(second, () -> null));
        if (!beforeItLeaves) {
            first.nettyEventLoop().execute(chrome::die);
        }
        busy.countDown();
        await(await(moving).closed());
    }

    @Test
    void oneThatIsClosedDoesNotMove() throws Exception {
        await(on(first, () -> connection.close()));
        assertThatThrownBy(() -> move(connection, second)).hasMessageContaining("closed");
    }
}
