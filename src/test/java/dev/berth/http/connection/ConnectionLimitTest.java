package dev.berth.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
    @Test
    void theLimitCoversAllEventLoops() throws Exception {
        ConnectionLimit limit = new ConnectionLimit(1_000);
        AtomicInteger let = new AtomicInteger();
        ExecutorService loops = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int loop = 0; loop < 4; loop++) {
                done.add(loops.submit(() -> {
                    for (int i = 0; i < 400; i++) {
                        if (limit.tryOpen()) {
                            let.incrementAndGet();
                        }
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            loops.shutdown();
        }
        assertThat(let.get()).isEqualTo(1_000);
        limit.closed();
        assertThat(limit.tryOpen()).isTrue();
        assertThat(limit.open()).isEqualTo(1_000);
    }
}
