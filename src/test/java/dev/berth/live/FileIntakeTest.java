package dev.berth.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.live.ViewerMessage.Announced;
import dev.berth.live.ViewerMessage.Files;
import dev.berth.websocket.FrameReader.Violation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileIntakeTest {
    private static final Files LARGE = new Files("A", "c", List.of(new Announced("n", FileIntake.MAX_BYTES)));

    private final List<FileIntake> begun = new ArrayList<>();

    private void begin(long holder) {
        FileIntake files = new FileIntake(holder);
        begun.add(files);
        files.begin(LARGE, 0);
    }

    @AfterEach
    void release() {
        begun.forEach(FileIntake::release);
    }

    private void assertRefused(long holder) {
        assertThatThrownBy(() -> begin(holder)).isInstanceOf(Violation.class).hasMessageContaining("no memory");
    }

    /** However many viewers it has, of one session or of several. */
    @Test
    void aHolderHasAShareOfTheMemory() {
        long room = FileIntake.MEMORY.maxBytesEach() / FileIntake.MAX_BYTES;
        for (int i = 0; i < room; i++) {
            begin(1);
        }
        assertRefused(1);
        assertThat(FileIntake.MEMORY.usedBytes()).isEqualTo(room * FileIntake.MAX_BYTES);
        begun.get(0).release();
        begin(1);
    }

    @Test
    void othersHaveTheirs() {
        while (FileIntake.MEMORY.usedBytes() + FileIntake.MAX_BYTES <= FileIntake.MEMORY.maxBytesEach()) {
            begin(1);
        }
        assertRefused(1);
        begin(2);
    }
}
