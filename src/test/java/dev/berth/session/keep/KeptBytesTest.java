package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptBytesTest {
    private final List<String> outgrown = new ArrayList<>();
    private final KeptBytes kept = new KeptBytes(16 << 20, outgrown::add);

    @Test
    void aRefusedFileTakesNoRoom() {
        assertThat(kept.take(10 << 20).succeeded()).isTrue();
        Future<Void> refused = kept.take(7 << 20);
        assertThat(((BerthException) refused.cause()).code()).isEqualTo(ErrorCode.ACTION_FAILED);
        assertThat(refused.cause()).hasMessageContainingAll("10 MiB", "16", "BERTH_SESSION_DISK_MIB");
        assertThat(kept.take(6 << 20).succeeded()).isTrue();
        kept.giveBack(10 << 20);
        assertThat(kept.take(10 << 20).succeeded()).isTrue();
        assertThat(kept.take(1).failed()).isTrue();
        assertThat(outgrown).isEmpty();
    }

    @Test
    void emptyFilesTakeRoomToo() {
        for (int i = 0; i < 4_096; i++) {
            assertThat(kept.take(0).succeeded()).isTrue();
        }
        assertThat(kept.take(0).failed()).isTrue();
    }

    @Test
    void logsBeyondTheLimitEndTheSession() {
        kept.take(16 << 20);
        kept.logged(16 << 20);
        assertThat(outgrown).isEmpty();
        kept.logged(1);
        assertThat(outgrown).singleElement().asString().contains("16 MiB", "BERTH_SESSION_DISK_MIB");
    }
}
