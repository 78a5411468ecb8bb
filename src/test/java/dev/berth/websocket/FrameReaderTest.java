package dev.berth.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.websocket.FrameReader.Violation;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class FrameReaderTest {
    private static final int MAX_BYTES = 1_000_000;

    private final List<String> heard = new ArrayList<>();
    private final List<String> announced = new ArrayList<>();
    private boolean stops;
    private final FrameReader.Listener listener = new FrameReader.Listener() {
        private Buffer message;

        @Override
        public int begins(boolean binary) {
            message = Buffer.buffer(binary ? "binary " : "");
            return MAX_BYTES;
        }

        @Override
        public void frame(long bytes, boolean last) {
            announced.add(bytes + (last ? "" : "+"));
        }

        @Override
        public void part(byte[] bytes, int from, int to) {
            message.appendBytes(bytes, from, to - from);
        }

        @Override
        public boolean ends() {
            heard.add(message.toString());
            return !stops;
        }

        @Override
        public void ping(byte[] payload) {
            heard.add("ping " + new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void close(byte[] payload) {
            heard.add("close " + payload.length);
        }
    };
    private final FrameReader reader = new FrameReader(listener);

    /** A client's frame. */
    public static Buffer frame(int first, String text) {
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

    private static Buffer headerOf(long payloadBytes) {
        return Buffer.buffer(new byte[] {(byte) 0x81, (byte) 0xff})
                .appendLong(payloadBytes)
                .appendInt(0);
    }

    private void feed(Buffer bytes) {
        assertThat(reader.feed(bytes.getBytes(), 0)).isEqualTo(bytes.length());
    }

    private void assertViolation(Buffer bytes, int code) {
        assertThatThrownBy(() -> feed(bytes))
                .isInstanceOfSatisfying(
                        Violation.class, e -> assertThat(e.reason().code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1_000, 1_000_000})
    void messagesAreTheSameInWhateverChunksTheyArrive(int max) {
        String large = "größer".repeat(40_000);
        Buffer all = Buffer.buffer()
                .appendBuffer(frame(0x81, "größe"))
                .appendBuffer(frame(0x81, ""))
                .appendBuffer(frame(0x81, large))
                .appendBuffer(frame(0x82, "bytes"))
                .appendBuffer(frame(0x01, "x".repeat(300)))
                .appendBuffer(frame(0x89, "are you there"))
                .appendBuffer(frame(0x00, "y"))
                .appendBuffer(frame(0x8a, ""))
                .appendBuffer(frame(0x80, ""))
                .appendBuffer(frame(0x88, "xx"));
        Random random = new Random(max);
        for (int from = 0; from < all.length(); ) {
            int to = Math.min(all.length(), from + 1 + random.nextInt(max));
            feed(all.getBuffer(from, to));
            from = to;
        }
        assertThat(heard)
                .containsExactly(
                        "größe", "", large, "binary bytes", "ping are you there", "x".repeat(300) + "y", "close 2");
    }

    @Test
    void theSizeOfAMessageIsKnownFromTheHeaders() {
        feed(headerOf(600_000));
        assertThat(announced).containsExactly("600000");
        announced.clear();
        feed(Buffer.buffer(new byte[600_000]));
        feed(frame(0x01, "abc"));
        feed(frame(0x80, "defg"));
        assertThat(announced).containsExactly("3+", "7");
    }

    @Test
    void aReaderStopsBehindAMessageIfItsListenerWantsThat() {
        stops = true;
        byte[] two = frame(0x81, "one").appendBuffer(frame(0x81, "two")).getBytes();
        int at = reader.feed(two, 0);
        assertThat(heard).containsExactly("one");
        assertThat(reader.feed(two, at)).isEqualTo(two.length);
        assertThat(heard).containsExactly("one", "two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c1", "91", "83", "80", "8b", "09"})
    void framesThatAreNoneAreViolations(String first) {
        assertViolation(frame(Integer.parseInt(first, 16), "x"), 1002);
    }

    @Test
    void anUnmaskedFrameIsAViolation() {
        assertViolation(Buffer.buffer(new byte[] {(byte) 0x81, 1, 'x'}), 1002);
    }

    @Test
    void aLongControlFrameIsAViolation() {
        assertViolation(frame(0x89, "x".repeat(126)), 1002);
    }

    @Test
    void aNewMessageWithinAFragmentedOneIsAViolation() {
        feed(frame(0x01, "ab"));
        assertViolation(frame(0x81, "x"), 1002);
    }

    @ParameterizedTest
    @ValueSource(longs = {MAX_BYTES + 1, 1L << 33, -1})
    void aMessageThatIsTooLargeIsRefusedByItsHeader(long bytes) {
        assertViolation(headerOf(bytes), 1009);
    }

    @Test
    void fragmentsTogetherMayNotBeTooLargeEither() {
        feed(frame(0x01, "x".repeat(MAX_BYTES)));
        assertViolation(frame(0x80, "x"), 1009);
    }

    @Test
    void aServersFramesHaveNoMask() {
        Buffer frames = FrameWriter.text("hello").appendBuffer(FrameWriter.pong(new byte[0]));
        assertThat(FrameReader.ofServer(listener).feed(frames.getBytes(), 0)).isEqualTo(frames.length());
        assertThat(heard).containsExactly("hello");
        assertThatThrownBy(() ->
                        FrameReader.ofServer(listener).feed(frame(0x81, "hello").getBytes(), 0))
                .isInstanceOf(Violation.class);
    }
}
