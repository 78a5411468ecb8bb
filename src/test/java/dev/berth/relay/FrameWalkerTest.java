package dev.berth.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWalkerTest {
    private final List<String> heads = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private boolean watching = true;
    private final FrameWalker walker = new FrameWalker(
            () -> watching, (head, length) -> heads.add(new String(head, 0, length, StandardCharsets.UTF_8)));

    private static Buffer frame(int first, int size) {
        Buffer frame = Buffer.buffer().appendByte((byte) first);
        if (size < 126) {
            frame.appendByte((byte) size);
        } else if (size < 65_536) {
            frame.appendByte((byte) 126).appendShort((short) size);
        } else {
            frame.appendByte((byte) 127).appendLong(size);
        }
        return frame.appendString("x".repeat(size));
    }

    /** Feeds in chunks of random sizes up to {@code max}, and notes where frames end. */
    private void feed(Buffer all, int max, long seed) {
        Random random = new Random(seed);
        int from = 0;
        while (from < all.length()) {
            int to = Math.min(all.length(), from + 1 + random.nextInt(max));
            Buffer chunk = all.getBuffer(from, to);
            for (int at = 0; at < chunk.length(); ) {
                at = walker.advance(chunk, at);
                if (walker.atFrameEnd()) {
                    ends.add(from + at);
                }
            }
            from = to;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 5_000, 1_000_000})
    void findsTheEndsOfFramesInAnyChunks(int max) {
        Buffer all = Buffer.buffer();
        List<Integer> expected = new ArrayList<>();
        for (int size : new int[] {0, 1, 125, 126, 127, 4_095, 4_096, 4_097, 65_535, 65_536, 200_000, 3}) {
            all.appendBuffer(frame(0x81, size));
            expected.add(all.length());
        }
        feed(all, max, max);
        assertThat(ends).isEqualTo(expected);
        assertThat(heads).hasSize(12);
        assertThat(heads.get(2)).hasSize(125);
        assertThat(heads.get(10)).hasSize(FrameWalker.MAX_HEAD_BYTES);
    }

    @Test
    void showsNoHeadsThatAreNotWanted() {
        watching = false;
        feed(frame(0x81, 10), 100, 1);
        assertThat(heads).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void aHeadGoesOnOverFragmentsAndTheControlFramesBetweenThem(int max) {
        Buffer all = Buffer.buffer()
                .appendBytes(new byte[] {0x01, 3, 'a', 'b', 'c'})
                .appendBytes(new byte[] {(byte) 0x89, 2, 'n', 'o'})
                .appendBytes(new byte[] {0x00, 0})
                .appendBytes(new byte[] {(byte) 0x80, 2, 'd', 'e'});
        feed(all, max, max);
        assertThat(heads).containsExactly("abcde");
        assertThat(ends).containsExactly(5, 9, 11, 15);
    }

    @Test
    void isWithinAFrameUntilItsLastByte() {
        walker.advance(frame(0x81, 10).getBuffer(0, 11), 0);
        assertThat(walker.atFrameEnd()).isFalse();
        walker.advance(Buffer.buffer("x"), 0);
        assertThat(walker.atFrameEnd()).isTrue();
    }

    @Test
    void aMessageEndsWithItsLastFragment() {
        List<Boolean> ended = new ArrayList<>();
        for (int first : new int[] {0x01, 0x89, 0x00, 0x80, 0x8a, 0x81}) {
            Buffer frame = frame(first, 5);
            assertThat(walker.advance(frame, 0)).isEqualTo(frame.length());
            assertThat(walker.atFrameEnd()).isTrue();
            ended.add(walker.atMessageEnd());
        }
        assertThat(ended).containsExactly(false, false, false, true, true, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 25, 1_000})
    void showsTargetEventsEvenIfNoReplyIsAwaited(int max) {
        watching = false;
        Buffer all = Buffer.buffer();
        String event = "{\"method\":\"Target.attachedToTarget\",\"params\":{\"sessionId\":\"s\"}}";
        for (String text :
                List.of("{\"id\":1}", "{\"method\":\"Target.targetCreated\",\"params\":{}}", event, "{}", event)) {
            all.appendByte((byte) 0x81).appendByte((byte) text.length()).appendString(text);
        }
        feed(all, max, max);
        assertThat(heads).containsExactly(event, event);
    }
}
