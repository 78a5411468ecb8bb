package dev.berth.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageReaderTest {
    private static final int MAX_TEXT = 1_000;
    private final List<String> heard = new ArrayList<>();
    private int maxBinary;
    private final MessageReader reader = new MessageReader(MAX_TEXT, new MessageReader.Listener() {
        @Override
        public void text(String message) {
            heard.add("text " + message);
        }

        @Override
        public void binary(Buffer message) {
            heard.add("binary " + message);
        }

        @Override
        public int maxBinaryBytes() {
            return maxBinary;
        }

        @Override
        public void ping(byte[] payload) {
            heard.add("ping " + new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void close(byte[] payload) {
            heard.add("close " + payload.length);
        }
    });

    private static Buffer frame(int first, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] mask = {0x12, (byte) 0xf3, 0x00, 0x7f};
        Buffer frame = Buffer.buffer().appendByte((byte) first);
        if (payload.length < 126) {
            frame.appendByte((byte) (0x80 | payload.length));
        } else {
            frame.appendByte((byte) 0xfe).appendShort((short) payload.length);
        }
        frame.appendBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.appendByte((byte) (payload[i] ^ mask[i % 4]));
        }
        return frame;
    }

    private void assertViolation(Buffer bytes, int code) {
        assertThatThrownBy(() -> reader.feed(bytes))
                .isInstanceOfSatisfying(
                        Violation.class, e -> assertThat(e.closeCode()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "7", "1000"})
    void messagesAreTheSameInWhateverChunksTheyArrive(int chunk) {
        maxBinary = 10;
        Buffer all = frame(0x81, "größe")
                .appendBuffer(frame(0x01, "x".repeat(200)))
                .appendBuffer(frame(0x89, "p"))
                .appendBuffer(frame(0x80, ""))
                .appendBuffer(frame(0x82, "bytes"))
                .appendBuffer(frame(0x8a, ""))
                .appendBuffer(frame(0x81, ""))
                .appendBuffer(frame(0x88, "\u0003\u0004"));
        for (int at = 0; at < all.length(); at += chunk) {
            reader.feed(all.slice(at, Math.min(all.length(), at + chunk)));
        }
        assertThat(heard)
                .containsExactly("text größe", "ping p", "text " + "x".repeat(200), "binary bytes", "text ", "close 2");
    }

    @Test
    void aMessageMayBeAsLargeAsTheLimit() {
        reader.feed(frame(0x81, "x".repeat(MAX_TEXT)));
        assertThat(heard).hasSize(1);
        assertViolation(frame(0x81, "x".repeat(MAX_TEXT + 1)), 1009);
    }

    @Test
    void fragmentsTogetherMayNotBeLarger() {
        reader.feed(frame(0x01, "x".repeat(MAX_TEXT)));
        assertViolation(frame(0x80, "x"), 1009);
    }

    @Test
    void aSizeThatIsNegativeIsTooLarge() {
        Buffer header = Buffer.buffer()
                .appendByte((byte) 0x81)
                .appendByte((byte) 0xff)
                .appendLong(-1)
                .appendInt(0);
        assertViolation(header, 1009);
    }

    @Test
    void aBinaryMessageMustBeAnnounced() {
        assertViolation(frame(0x82, "x"), 1003);
    }

    @Test
    void aBinaryMessageIsNotLargerThanAnnounced() {
        maxBinary = 3;
        reader.feed(frame(0x82, "abc"));
        assertViolation(frame(0x82, "abcd"), 1009);
    }

    @ParameterizedTest
    @CsvSource({"c1, 1002", "83, 1002", "8b, 1002", "09, 1002", "80, 1002"})
    void framesThatAreNoneAreViolations(String first, int code) {
        assertViolation(frame(Integer.parseInt(first, 16), "x"), code);
    }
}
