package dev.berth.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class PipeFramesTest {
    private static final String SESSION = "C2B0E2F68D0545515E15F6BC268AF1B0";
    private static final String OTHER = "C2B0E2F68D0545515E15F6BC268AF1B1";

    private final PipeFrames frames = new PipeFrames(SESSION);
    private final PipeMessages messages = new PipeMessages(frames);

    private static String message(String inside, String session) {
        return "{\"id\":1,\"result\":{" + inside + "}" + (session.isEmpty() ? "" : ",\"sessionId\":\"" + session + "\"")
                + "}";
    }

    /** Feeds in chunks of random sizes up to {@code max}, as they come from a pipe. */
    private Buffer feed(List<String> sent, int max) {
        byte[] all = (String.join("\0", sent) + "\0").getBytes(StandardCharsets.UTF_8);
        Random random = new Random(max);
        Buffer out = Buffer.buffer();
        for (int from = 0; from < all.length; ) {
            int length = Math.min(all.length - from, 1 + random.nextInt(max));
            byte[] chunk = new byte[max + 1];
            System.arraycopy(all, from, chunk, 0, length);
            messages.feed(chunk, length);
            out.appendBuffer(frames.take());
            from += length;
        }
        return out;
    }

    /** The messages of a server's frames, put together from their fragments. */
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
    @ValueSource(ints = {1, 2, 50, 1_000, 65_536, 1_000_000})
    void messagesKeepAllButTheClientsOwnSession(int max) {
        List<String> sent = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int size : new int[] {0, 60, 70, 120, 130, 65_400, 65_536, 65_600, 131_072, 400_000, 1}) {
            String inside = "\"x\":\"" + "ü".repeat(size / 2) + "\"";
            sent.add(message(inside, SESSION));
            expected.add(message(inside, ""));
            sent.add(message(inside, OTHER));
            expected.add(message(inside, OTHER));
            sent.add(message(inside, ""));
            expected.add(message(inside, ""));
        }
        assertThat(read(feed(sent, max))).isEqualTo(expected);
        assertThat(frames.inMessage()).isFalse();
    }

    @Test
    void aSessionWithinAMessageIsLeftAlone() {
        String inside = "\"a\":{\"b\":1,\"sessionId\":\"" + SESSION + "\"},\"c\":2";
        assertThat(read(feed(List.of(message(inside, ""), message(inside, SESSION)), 100)))
                .containsExactly(message(inside, ""), message(inside, ""));
    }

    @Test
    void aLongMessageIsPassedOnWhileItComes() {
        byte[] part = "x".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
        messages.feed(part, part.length);
        assertThat(frames.take().length()).isGreaterThan(190_000);
        assertThat(frames.inMessage()).isTrue();
    }
}
