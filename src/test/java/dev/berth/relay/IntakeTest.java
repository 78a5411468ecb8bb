package dev.berth.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.limits.MemoryBudget;
import dev.berth.relay.command.CommandText;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.Violation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final String TEXT = "{\"x\":\"" + "x".repeat(700_000) + "\"}";
    private final MemoryBudget budget = new MemoryBudget(1_000_000, 1_000_000);
    private final List<String> messages = new ArrayList<>();
    private final Client first = new Client();
    private final Client second = new Client();

    private final class Client implements ClientFrames.Listener {
        final ClientFrames frames = new ClientFrames(1_000_000, this);
        final Intake intake = new Intake(frames, budget.share(this, this::roomCame));
        private int sent;

        private void roomCame() {
            intake.roomCame();
        }

        void send(int bytes) {
            byte[] all = ClientFramesTest.frame(0x81, TEXT).getBytes();
            int end = Math.min(all.length, sent + bytes);
            frames.feed(java.util.Arrays.copyOfRange(all, sent, end));
            sent = end % all.length;
            intake.received();
        }

        @Override
        public void message(CommandText text) {
            messages.add(new String(text.whole(), 0, text.length(), java.nio.charset.StandardCharsets.UTF_8));
            intake.ended();
        }

        @Override
        public void ping(byte[] payload) {}

        @Override
        public void pong() {}

        @Override
        public void close(byte[] payload) {}
    }

    @Test
    void aMessageWithoutRoomWaitsWhileTheOtherGoesOn() {
        first.send(1_000);
        second.send(1_000);
        assertThat(first.intake.isWaiting()).isFalse();
        assertThat(second.intake.isWaiting()).isTrue();
        first.send(1_000_000);
        assertThat(second.intake.isWaiting()).isFalse();
        second.send(1_000_000);
        assertThat(messages).containsExactly(TEXT, TEXT);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void aMessageThatWaitsTooLongIsDropped() {
        first.send(1_000);
        second.send(1_000);
        second.intake.beat(true);
        assertThatThrownBy(() -> second.intake.beat(true))
                .isInstanceOfSatisfying(
                        Violation.class, e -> assertThat(e.closeCode()).isEqualTo(CloseReason.TRY_AGAIN_LATER));
        second.intake.release();
        first.intake.release();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void aThrottledClientIsNotTooSlow() {
        first.send(1_000);
        first.intake.beat(false);
        first.intake.throttled();
        first.intake.beat(false);
        assertThatThrownBy(() -> first.intake.beat(false)).isInstanceOf(Violation.class);
    }

    @Test
    void consecutiveMessagesAreNotTooSlow() {
        for (int i = 0; i < 5; i++) {
            first.send(1_000);
            first.intake.beat(false);
            first.send(1_000_000);
        }
        assertThat(messages).hasSize(5);
    }

    @Test
    void eachOfTwoUsersHasRoomForAtLeastOneMessage() {
        assertThat(Intake.memory(64 << 20).maxBytesEach()).isGreaterThan(CommandGate.MAX_MESSAGE_BYTES);
        assertThat(Intake.memory(900L << 20).maxBytes()).isEqualTo(225 << 20);
        assertThat(Intake.memory(64L << 30).maxBytes()).isEqualTo(256 << 20);
        assertThat(Intake.memory(64L << 30).maxBytesEach()).isEqualTo(128 << 20);
    }
}
