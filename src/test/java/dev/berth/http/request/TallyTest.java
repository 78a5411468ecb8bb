package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    void workBeyondTheLimitIsRefusedUntilSomeIsDone() {
        Tally<Long> two = new Tally<>(2);
        Promise<String> first = Promise.promise();
        Future<String> begun = two.during(1L, "searches", first::future);
        two.during(1L, "searches", () -> Promise.<String>promise().future());
        Future<String> refused = two.during(1L, "searches", () -> Future.succeededFuture("begun"));
        assertThat(refused.cause())
                .isInstanceOf(BerthException.class)
                .hasMessage("2 of your searches are under way already; try again when they are done");
        assertThat(two.during(2L, "searches", () -> Future.succeededFuture("another's"))
                        .succeeded())
                .isTrue();
        first.complete("found");
        assertThat(begun.result()).isEqualTo("found");
        assertThat(two.during(1L, "searches", () -> Future.succeededFuture("begun"))
                        .result())
                .isEqualTo("begun");
    }

    @Test
    void workThatThrowsIsOver() {
        Tally<Long> one = new Tally<>(1);
        one.during(1L, "searches", () -> {
            throw new IllegalStateException("broken");
        });
        assertThat(one.isEmpty()).isTrue();
    }

    @Test
    void theLimitHoldsAcrossThreads() throws Exception {
        int threads = 4;
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService loops = Executors.newFixedThreadPool(threads);
        try {
            List<java.util.concurrent.Future<?>> done = new ArrayList<>();
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
            for (java.util.concurrent.Future<?> each : done) {
                each.get();
            }
        } finally {
            loops.shutdown();
        }
        assertThat(most.get()).isBetween(1, MAX);
        assertThat(tally.isEmpty()).isTrue();
    }
}
