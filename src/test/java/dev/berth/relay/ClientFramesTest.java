package dev.berth.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.relay.command.CommandText;
import dev.berth.websocket.Violation;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFramesTest {
    private final List<String> heard = new ArrayList<>();
    private final ClientFrames frames = new ClientFrames(1_000_000, new ClientFrames.Listener() {
        @Override
        public void message(CommandText text) {
            heard.add(new String(text.whole(), 0, text.length(), StandardCharsets.UTF_8));
        }

        @Override
        public void ping(byte[] payload) {
            heard.add("ping " + new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void pong() {
            heard.add("pong");
        }

        @Override
        public void close(byte[] payload) {
            heard.add("close " + payload.length);
        }
    });

    static Buffer frame(int first, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] mask = {0x12, (byte) 0xf3, 0x00, 0x7f};
        Buffer frame = Buffer.buffer().appendByte((byte) first);
        if (payload.length < 126) {
            frame.appendByte((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.appendByte((byte) 0xfe).appendShort((short) payload.length);
        } else {
            frame.appendByte((byte) 0xff).appendLong(payload.length);
        }
        frame.appendBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.appendByte((byte) (payload[i] ^ mask[i % 4]));
        }
        return frame;
    }

    private void feed(Buffer all, int max) {
        Random random = new Random(max);
        for (int from = 0; from < all.length(); ) {
            int to = Math.min(all.length(), from + 1 + random.nextInt(max));
            frames.feed(all.getBytes(from, to));
            from = to;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1_000, 1_000_000})
    void assemblesMessagesFromAnyChunks(int max) {
        String large = "{\"x\":\"" + "größer".repeat(40_000) + "\"}";
        Buffer all = Buffer.buffer()
                .appendBuffer(frame(0x81, "{\"a\":1}"))
                .appendBuffer(frame(0x81, ""))
                .appendBuffer(frame(0x81, large))
                .appendBuffer(frame(0x81, "{" + " ".repeat(300) + "}"));
        feed(all, max);
        assertThat(heard).containsExactly("{\"a\":1}", "", large, "{" + " ".repeat(300) + "}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void fragmentsAreOneMessageAndControlFramesMayStandBetweenThem(int max) {
        Buffer all = Buffer.buffer()
                .appendBuffer(frame(0x01, "{\""))
                .appendBuffer(frame(0x89, "are you there"))
                .appendBuffer(frame(0x00, "c"))
                .appendBuffer(frame(0x8a, ""))
                .appendBuffer(frame(0x80, "\":1}"))
                .appendBuffer(frame(0x88, "xx"));
        feed(all, max);
        assertThat(heard).containsExactly("ping are you there", "pong", "{\"c\":1}", "close 2");
    }

    @ParameterizedTest
    @CsvSource({"0x91, 1002", "0x82, 1003", "0x83, 1002", "0x80, 1002", "0x8b, 1002", "0x09, 1002"})
    void unexpectedFramesAreViolations(String first, int code) {
        byte[] frame = frame(Integer.decode(first), "x").getBytes();
        assertThatThrownBy(() -> frames.feed(frame))
                .isInstanceOfSatisfying(
                        Violation.class, e -> assertThat(e.closeCode()).isEqualTo(code));
    }

    @Test
    void anUnmaskedFrameIsAViolation() {
        assertThatThrownBy(() -> frames.feed(new byte[] {(byte) 0x81, 1, 'x'}))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("masked");
    }

    @Test
    void aNewMessageWithinAFragmentedOneIsAViolation() {
        frames.feed(frame(0x01, "ab").getBytes());
        assertThatThrownBy(() -> frames.feed(frame(0x81, "x").getBytes())).isInstanceOf(Violation.class);
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedByItsHeader() {
        byte[] header = Buffer.buffer()
                .appendBytes(new byte[] {(byte) 0x81, (byte) 0xff})
                .appendLong(1_000_001)
                .appendInt(0)
                .getBytes();
        assertThatThrownBy(() -> frames.feed(header))
                .isInstanceOfSatisfying(
                        Violation.class, e -> assertThat(e.closeCode()).isEqualTo(1009));
    }

    /** A faulty message is counted, but not kept. */
    @Test
    void noMemoryIsNeededForAFaultyMessage() {
        frames.feed(frame(0x01, "{\"x\":\"" + "x".repeat(600_000)).getBytes());
        assertThat(frames.neededBytes()).isEqualTo(1_000_000);
        frames.feed(frame(0x80, "\"}").getBytes());
        assertThat(frames.neededBytes()).isZero();
        frames.feed(frame(0x01, "x".repeat(600_000)).getBytes());
        assertThat(frames.neededBytes()).isZero();
        frames.discard();
        frames.feed(frame(0x80, "x").getBytes());
        frames.feed(frame(0x01, "{\"x\":\"" + "x".repeat(600_000)).getBytes());
        assertThat(frames.neededBytes()).isZero();
    }

    /** What a message needs is known from its first byte, and never grows. */
    @Test
    void whatAMessageNeedsIsKnownFromItsBeginning() {
        feedSome(frame(0x81, "{\"x\":\"" + "x".repeat(600_000)), 20);
        assertThat(frames.neededBytes()).isEqualTo(600_006);
        feedRest(frame(0x81, "{\"x\":\"" + "x".repeat(600_000)), 20);
        assertThat(frames.neededBytes()).isZero();
        assertThat(frames.receivedBytes()).isEqualTo(600_006);

        frames.feed(frame(0x01, "{\"x\":\"" + "x".repeat(10_000)).getBytes());
        assertThat(frames.neededBytes()).isZero();
        feedSome(frame(0x00, "x".repeat(60_000)), 20);
        assertThat(frames.neededBytes()).as("nobody knows how many follow").isEqualTo(1_000_000);
        feedRest(frame(0x00, "x".repeat(60_000)), 20);
        frames.feed(frame(0x89, "ping").getBytes());
        assertThat(frames.neededBytes()).isEqualTo(1_000_000);
        feedSome(frame(0x80, "x".repeat(200_000)), 20);
        assertThat(frames.neededBytes()).isEqualTo(270_006);
        feedRest(frame(0x80, "x".repeat(200_000)), 20);
        assertThat(frames.neededBytes()).isZero();
        assertThat(frames.receivedBytes()).isEqualTo(870_012);
    }

    private void feedSome(Buffer frame, int bytes) {
        frames.feed(frame.getBytes(0, bytes));
    }

    private void feedRest(Buffer frame, int from) {
        frames.feed(frame.getBytes(from, frame.length()));
    }

    @Test
    void fragmentsTogetherMayNotBeTooLargeEither() {
        frames.feed(frame(0x01, "x".repeat(600_000)).getBytes());
        byte[] more = frame(0x80, "x".repeat(600_000)).getBytes();
        assertThatThrownBy(() -> frames.feed(more)).isInstanceOf(Violation.class);
    }

    @Test
    void aNegativeLengthIsTooLarge() {
        byte[] header = Buffer.buffer()
                .appendBytes(new byte[] {(byte) 0x81, (byte) 0xff})
                .appendLong(-1)
                .appendInt(0)
                .getBytes();
        assertThatThrownBy(() -> frames.feed(header)).isInstanceOf(Violation.class);
    }
}
