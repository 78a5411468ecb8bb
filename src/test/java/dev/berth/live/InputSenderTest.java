package dev.berth.live;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.Button;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Wheel;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.Acknowledged;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class InputSenderTest {
    private final SessionId id = SessionId.random();
    private final BlockingQueue<Message<Object>> arrived = new LinkedBlockingQueue<>();
    private final List<String> errors = new ArrayList<>();
    private ContextInternal loop;
    private InputSender sender;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        RecordCodec.registerAll(vertx);
        loop = ((VertxInternal) vertx).createEventLoopContext();
        await(await(on(loop, () -> {
            sender = new InputSender(new ViewedSession(loop, new SessionClient(vertx), id), errors::add);
            return vertx.eventBus()
                    .<Object>consumer(Addresses.session(id), arrived::add)
                    .completion();
        })));
    }

    private static Mouse move(int x) {
        return new Mouse("A", MouseAction.MOVE, x, 0, Button.NONE, 0, 0, 0);
    }

    private static Wheel turn(int by) {
        return new Wheel("A", 1, 1, 0, by, 0);
    }

    private void act(LiveCommand<?> command, boolean frequent) throws Exception {
        await(on(loop, () -> {
            sender.act(command, frequent);
            return null;
        }));
    }

    private Message<Object> arrived() throws InterruptedException {
        return arrived.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void ofMovesOnlyTheLatestReachesABusyPage() throws Exception {
        for (int x = 0; x < 100; x++) {
            act(move(x), true);
        }
        Message<Object> first = arrived();
        assertThat(first.body()).isEqualTo(move(0));
        assertThat(arrived).isEmpty();
        first.reply(new Acknowledged());
        assertThat(arrived().body()).isEqualTo(move(99));
    }

    @Test
    void turnsOfAWheelAddUp() throws Exception {
        act(turn(1), true);
        act(turn(2), true);
        act(turn(3), true);
        arrived().reply(new Acknowledged());
        assertThat(arrived().body()).isEqualTo(turn(5));
    }

    @Test
    void turnsAddUpToNoMoreThanIsAllowed() throws Exception {
        int most = (int) LiveCommand.MAX_PIXELS;
        act(turn(1), true);
        act(turn(most), true);
        act(turn(most), true);
        arrived().reply(new Acknowledged());
        assertThat(arrived().body()).isEqualTo(turn(most));
    }

    @Test
    void turnsOnAnotherPageAreItsOwn() throws Exception {
        act(turn(1), true);
        act(turn(2), true);
        act(new Wheel("B", 1, 1, 0, 3, 0), true);
        Message<Object> first = arrived();
        Message<Object> second = arrived();
        assertThat(second.body()).isEqualTo(turn(2));
        first.reply(new Acknowledged());
        second.reply(new Acknowledged());
        assertThat(arrived().body()).isEqualTo(new Wheel("B", 1, 1, 0, 3, 0));
    }

    @Test
    void whatFollowsAMoveComesAfterIt() throws Exception {
        act(move(1), true);
        act(move(2), true);
        act(new Paste("A", "x"), false);
        assertThat(arrived().body()).isEqualTo(move(1));
        assertThat(arrived().body()).isEqualTo(move(2));
        assertThat(arrived().body()).isEqualTo(new Paste("A", "x"));
    }

    @Test
    void inputThatThePageDoesNotTakeIsLeftOutAndTheViewerIsToldOnce() throws Exception {
        for (int i = 0; i < 200; i++) {
            act(new Paste("A", "x"), false);
        }
        assertThat(arrived).hasSizeLessThan(100);
        assertThat(errors).containsExactly("the page is not responding: input is skipped");
    }

    @Test
    void whatComesNextWaitsUntilThePageHasTheInputBefore() throws Exception {
        act(turn(1), false);
        Promise<Void> begun = Promise.promise();
        await(on(
                loop,
                () -> sender.driveNext(() -> {
                    begun.complete();
                    return Future.succeededFuture();
                })));
        Message<Object> input = arrived();
        assertThat(begun.future().isComplete()).isFalse();
        input.reply(new Acknowledged());
        await(begun.future());
    }
}
