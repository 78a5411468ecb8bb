package dev.berth.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.pipe.EpollChannel.PipeQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipeQueueTest {
    @Test
    void whatCouldNotBeWrittenIsReleasedWithTheRest() {
        PipeQueue queue = new PipeQueue();
        ByteBuf first = Unpooled.buffer(10).writeZero(10);
        ByteBuf second = Unpooled.buffer(20).writeZero(20);
        List<Long> told = new ArrayList<>();
        queue.add(first, 0, 10, told::add);
        queue.add(second, 0, 20, told::add);
        assertThatThrownBy(() -> queue.writeOn(
                        (bytes, from, end) -> {
                            throw new IOException("Broken pipe");
                        },
                        100))
                .isInstanceOf(IOException.class);
        queue.clear();
        assertThat(List.of(first, second)).allMatch(piece -> piece.refCnt() == 0);
        assertThat(told).containsExactly(10L, 20L);
    }
}
