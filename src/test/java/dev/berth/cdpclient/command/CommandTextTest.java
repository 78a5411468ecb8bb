package dev.berth.cdpclient.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class CommandTextTest {
    /** A text as from a client. */
    public static CommandText text(String text) {
        CommandText command = new CommandText();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        command.add(bytes, 0, bytes.length);
        return command;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 2_000_000})
    void aTextIsWholeWhateverItsLength(int length) throws IOException {
        String written = "x".repeat(length);
        CommandText text = text(written);
        assertThat(text.length()).isEqualTo(length);
        assertThat(text.isSmall()).isEqualTo(length <= CommandText.PIECE_BYTES);
        assertThat(new String(text.read().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(written);
        List<ByteBuf> taken = text.take();
        StringBuilder all = new StringBuilder();
        taken.forEach(piece -> all.append(piece.toString(StandardCharsets.UTF_8)));
        assertThat(all.toString()).isEqualTo(written);
        text.reset();
        assertThat(taken).allMatch(ByteBuf::release);
    }
}
