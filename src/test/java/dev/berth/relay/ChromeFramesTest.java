package dev.berth.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChromeFramesTest {
    private final ChromeFrames frames = new ChromeFrames();

    private void say(String text, int piece) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += piece) {
            int to = Math.min(bytes.length, from + piece);
            frames.piece(bytes, from, to, to == bytes.length);
        }
    }

    /** Assembles the messages of a server's frames from their fragments. */
    private static List<String> read(Buffer bytes) {
        List<String> texts = new ArrayList<>();
        Buffer text = Buffer.buffer();
        boolean within = false;
        for (int at = 0; at < bytes.length(); ) {
            int first = bytes.getUnsignedByte(at++);
            assertThat(first & 0x7f).isEqualTo(within ? 0 : 1);
            long size = bytes.getUnsignedByte(at++);
            if (size == 126) {
                size = bytes.getUnsignedShort(at);
                at += 2;
            } else if (size == 127) {
                size = bytes.getLong(at);
                at += 8;
            }
            text.appendBuffer(bytes, at, (int) size);
            at += (int) size;
            within = first < 0x80;
            if (!within) {
                texts.add(text.toString());
                text = Buffer.buffer();
            }
        }
        assertThat(within).isFalse();
        return texts;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 65_536, 1_000_000})
    void messagesComeWholeInWhateverPieces(int piece) {
        List<String> sent =
                List.of("{}", "ü".repeat(60), "x".repeat(130), "y".repeat(65_536), "z".repeat(200_000), "!");
        sent.forEach(text -> say(text, piece));
        assertThat(read(frames.take())).isEqualTo(sent);
        assertThat(frames.take().length()).isZero();
    }

    @Test
    void aLongMessageIsPassedOnWhileItComes() {
        byte[] part = new byte[100_000];
        frames.piece(part, 0, part.length, false);
        assertThat(frames.take().length()).isGreaterThan(part.length);
    }
}
