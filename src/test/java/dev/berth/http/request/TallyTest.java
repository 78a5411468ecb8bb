package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final int MAX = 3;

    private final Tally<String> tally = new Tally<>(MAX);

    @Test
    void eachHolderHasItsOwnLimit() {
        for (int i = 0; i < MAX; i++) {
            assertThat(tally.tryAdd("a")).isTrue();
        }
        assertThat(tally.tryAdd("a")).isFalse();
        assertThat(tally.tryAdd("b")).isTrue();
        tally.remove("a");
        assertThat(tally.tryAdd("a")).isTrue();
    }

    @Test
    void holdersWithoutAnyAreForgotten() {
        tally.tryAdd("a");
        tally.remove("a");
        tally.remove("a");
        assertThat(tally.isEmpty()).isTrue();
    }

    @Test
    void theLimitHoldsAcrossThreads() throws Exception {
        int threads = 4;
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService loops = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                done.add(loops.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        if (tally.tryAdd("a")) {
                            most.accumulateAndGet(held.incrementAndGet(), Math::max);
                            held.decrementAndGet();
                            tally.remove("a");
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
        assertThat(most.get()).isBetween(1, MAX);
        assertThat(tally.isEmpty()).isTrue();
    }
}
