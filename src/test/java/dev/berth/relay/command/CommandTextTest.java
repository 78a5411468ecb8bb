package dev.berth.relay.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

public class CommandTextTest {
    /** A text that was fed as from a client. */
    public static CommandText text(String text) {
        CommandText command = new CommandText();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; ) {
            int part = Math.min(command.room(), bytes.length - from);
            System.arraycopy(bytes, from, command.array(), command.at(), part);
            command.added(part);
            from += part;
        }
        return command;
    }

    private static String large(int length) {
        return "{\"x\":\"" + "x".repeat(length) + "\"}";
    }

    private static String string(CommandText text) {
        return new String(text.whole(), 0, text.length(), StandardCharsets.UTF_8);
    }

    @Test
    void aTextIsWholeWhateverItsLength() {
        for (int length : new int[] {0, 1, 65_000, 65_528, 65_529, 300_000, 2_000_000}) {
            CommandText text = text(large(length));
            assertThat(text.scan().faultAtEnd()).isEmpty();
            assertThat(string(text)).isEqualTo(large(length));
            List<ByteBuf> taken = text.take();
            assertThat(taken.stream().mapToInt(ByteBuf::readableBytes).sum()).isEqualTo(text.length());
            text.reset();
            assertThat(taken).allMatch(ByteBuf::release);
        }
    }

    @Test
    void aLargeTextReleasesItsMemory() {
        CommandText text = text(large(1_000_000));
        assertThat(text.extraBytes()).isBetween(1_000_000L - CommandText.PIECE_BYTES, 1_000_000L);
        text.reset();
        assertThat(text.extraBytes()).isZero();
        assertThat(text.isSmall()).isTrue();
    }

    @Test
    void aFaultyTextIsNotKept() {
        CommandText text = text("x" + large(1_000_000));
        assertThat(text.extraBytes()).isZero();
        assertThat(text.length()).isEqualTo(large(1_000_000).length() + 1);
        assertThat(text.scan().faultAtEnd()).isPresent();
        text = text(large(1_000_000) + "x");
        assertThat(text.scan().faultAtEnd()).isPresent();
        text.reset();
        assertThat(text.extraBytes()).isZero();
    }

    @Test
    void aDiscardedTextIsNotKept() {
        CommandText text = text("{");
        text.discard();
        for (int i = 0; i < 100; i++) {
            text.added(text.room());
            assertThat(text.extraBytes()).isZero();
        }
    }
}
