package dev.berth.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class FrameCutterTest {
    private static final int[] SIZES = {0, 1, 5, 125, 126, 127, 1_000, 65_535, 65_536, 200_000, 3};

    private final FrameCutter cutter = new FrameCutter();

    private static String text(int size, int seed) {
        return Character.toString('a' + seed).repeat(size);
    }

    private static Buffer frames() {
        Buffer all = Buffer.buffer();
        for (int i = 0; i < SIZES.length; i++) {
            String text = text(SIZES[i], i);
            FrameHeader.append(all, 0x81, text.length());
            all.appendString(text);
        }
        return all;
    }

    /** What a client reads: whole messages, and whether it came to where a frame ends. */
    private static final class Reader {
        final List<String> messages = new ArrayList<>();
        private final StringBuilder begun = new StringBuilder();

        void read(Buffer frames) {
            int at = 0;
            while (at < frames.length()) {
                int first = frames.getByte(at) & 0xff;
                int size = frames.getByte(at + 1) & 0x7f;
                int header = size == 127 ? 10 : size == 126 ? 4 : 2;
                int length = size == 127
                        ? (int) frames.getLong(at + 2)
                        : size == 126 ? frames.getUnsignedShort(at + 2) : size;
                assertThat(first & 0x0f).isEqualTo(begun.isEmpty() ? 1 : 0);
                begun.append(frames.getString(at + header, at + header + length));
                if ((first & 0x80) != 0) {
                    messages.add(begun.toString());
                    begun.setLength(0);
                }
                at += header + length;
            }
            assertThat(at).isEqualTo(frames.length());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 5_000, 70_000, 1_000_000})
    void whateverChunksComeTheClientGetsWholeFrames(int max) {
        Buffer all = frames();
        Random random = new Random(max);
        Reader reader = new Reader();
        for (int from = 0; from < all.length(); ) {
            int to = Math.min(all.length(), from + 1 + random.nextInt(max));
            reader.read(cutter.cut(all.getBuffer(from, to)));
            from = to;
        }
        assertThat(reader.messages).hasSize(SIZES.length);
        for (int i = 0; i < SIZES.length; i++) {
            assertThat(reader.messages.get(i)).isEqualTo(text(SIZES[i], i));
        }
    }

    @Test
    void whatComesWholePassesAsItIs() {
        Buffer all = frames();
        assertThat(cutter.cut(all)).isSameAs(all);
    }

    @Test
    void ofAMessageThatBreaksOffThereIsNoHalfFrame() {
        Buffer all = frames();
        new Reader().read(cutter.cut(all.getBuffer(0, all.length() - 1_000)));
    }
}
