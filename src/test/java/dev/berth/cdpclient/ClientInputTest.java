package dev.berth.cdpclient;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.limits.MemoryBudget;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameReaderTest;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two clients that share the memory for one large message. */
@ExtendWith(VertxExtension.class)
class ClientInputTest {
    private static final int LARGE = 3_000_000;
    private static final Buffer MESSAGE = message("A.large", LARGE);
    private static final Buffer BEGINNING = MESSAGE.getBuffer(0, 1_000);
    private static final Buffer REST =
            MESSAGE.getBuffer(1_000, MESSAGE.length()).appendBuffer(message("The.last", 0));

    private final MemoryBudget budget = new MemoryBudget(LARGE + 1_000, LARGE + 1_000);
    private ContextInternal loop;
    private Client first;
    private Client second;

    @BeforeEach
    void start(Vertx vertx) {
        loop = ((VertxInternal) vertx).createEventLoopContext();
        first = new Client();
        second = new Client();
    }

    private static Buffer message(String method, int length) {
        return FrameReaderTest.frame(
                0x81, "{\"id\":1,\"method\":\"" + method + "\",\"params\":{\"x\":\"" + "x".repeat(length) + "\"}}");
    }

    private final class Client implements ClientInput.Receiver {
        final List<String> heard = new ArrayList<>();
        final List<CloseReason> violations = new ArrayList<>();
        final Promise<Void> last = loop.promise();
        final Promise<Void> goesOn = loop.promise();
        final ClientInput input = new ClientInput(loop, budget, this, (message, text) -> heard(message.method()), this);

        private void heard(String what) {
            heard.add(what);
            if (what.equals("The.last")) {
                last.complete();
            }
        }

        private void run(Runnable step) throws Exception {
            await(on(loop, () -> {
                step.run();
                return null;
            }));
        }

        void send(Buffer bytes) throws Exception {
            run(() -> input.read(bytes));
        }

        boolean waits() throws Exception {
            return await(on(loop, input::isWaiting));
        }

        void beat() throws Exception {
            run(input::beat);
        }

        @Override
        public void read() {
            if (!input.isWaiting()) {
                goesOn.tryComplete();
            }
        }

        @Override
        public void passedLarge() {}

        @Override
        public void ping(byte[] payload) {
            heard("ping");
        }

        @Override
        public void close(byte[] payload) {}

        @Override
        public void violated(CloseReason reason) {
            violations.add(reason);
        }
    }

    @Test
    void whatFollowsALargeMessageWaitsUntilThatIsRead() throws Exception {
        first.send(message("The.first", 10)
                .appendBuffer(MESSAGE)
                .appendBuffer(FrameReaderTest.frame(0x89, ""))
                .appendBuffer(message("The.last", 10)));
        await(first.last.future());
        assertThat(first.heard).containsExactly("The.first", "A.large", "ping", "The.last");
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void aMessageWithoutRoomWaitsWhileTheOtherGoesOn() throws Exception {
        first.send(BEGINNING);
        second.send(BEGINNING);
        assertThat(first.waits()).isFalse();
        assertThat(second.waits()).isTrue();
        first.send(REST);
        await(first.last.future());
        await(second.goesOn.future());
        second.send(REST);
        await(second.last.future());
        assertThat(second.heard).containsExactly("A.large", "The.last");
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void aMessageThatWaitsTooLongIsRefused() throws Exception {
        first.send(BEGINNING);
        second.send(BEGINNING);
        second.beat();
        assertThat(second.violations).isEmpty();
        second.beat();
        assertThat(second.violations.get(0).code()).isEqualTo(CloseReason.TRY_AGAIN_LATER);
    }

    @Test
    void aMessageThatArrivesTooSlowlyIsRefusedAndItsMemoryFreed() throws Exception {
        first.send(BEGINNING);
        for (int beat = 0; beat < 20; beat++) {
            first.beat();
        }
        assertThat(first.violations).isEmpty();
        first.beat();
        assertThat(first.violations)
                .containsExactly(
                        new CloseReason(CloseReason.TRY_AGAIN_LATER, "the client is sending a message too slowly"));
        first.run(first.input::end);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void aClientThatBreaksTheProtocolIsNotReadAnyFurther() throws Exception {
        first.send(Buffer.buffer(new byte[] {(byte) 0x81, 2, '{', '}'}));
        first.send(message("The.last", 0));
        assertThat(first.violations).hasSize(1);
        assertThat(first.heard).isEmpty();
    }

    @Test
    void eachOfTwoUsersHasRoomForAtLeastOneMessage() {
        assertThat(ClientInput.memory(64 << 20).maxBytesEach()).isGreaterThan(CommandGate.MAX_MESSAGE_BYTES);
        assertThat(ClientInput.memory(900L << 20).maxBytes()).isEqualTo(225 << 20);
        assertThat(ClientInput.memory(64L << 30).maxBytes()).isEqualTo(256 << 20);
        assertThat(ClientInput.memory(64L << 30).maxBytesEach()).isEqualTo(128 << 20);
    }
}
