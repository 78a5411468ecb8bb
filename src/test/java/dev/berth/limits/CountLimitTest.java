package dev.berth.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CountLimitTest {
    private final CountLimit<String> limit = new CountLimit<>(
            new Bound(2, "you have 2"), new Bound(3, new BerthException(ErrorCode.NOT_READY, "all are taken")));

    private void assertRefused(String holder, ErrorCode code, String why) {
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> limit.add(holder))
                .withMessage(why)
                .matches(e -> e.code() == code);
    }

    @Test
    void eachHolderAndAllTogetherHaveALimit() {
        limit.add("a");
        limit.add("a");
        assertRefused("a", ErrorCode.LIMIT_REACHED, "you have 2");
        limit.add("b");
        assertRefused("b", ErrorCode.NOT_READY, "all are taken");
        limit.remove("a");
        limit.add("b");
        assertThat(limit.count("b")).isEqualTo(2);
    }

    @Test
    void holdersWithoutAnyAreForgotten() {
        limit.add("a");
        limit.remove("a");
        limit.remove("a");
        assertThat(limit.total()).isZero();
        assertThat(limit.count("a")).isZero();
    }

    @Test
    void workBeyondTheLimitIsRefusedUntilSomeIsDone() {
        Promise<String> first = Promise.promise();
        Future<String> begun = limit.during("a", first::future);
        limit.during("a", () -> Promise.<String>promise().future());
        Future<String> refused = limit.during("a", () -> Future.succeededFuture("begun"));
        assertThat(refused.cause()).isInstanceOf(BerthException.class).hasMessage("you have 2");
        assertThat(limit.during("b", () -> Future.succeededFuture("another's")).succeeded())
                .isTrue();
        first.complete("found");
        assertThat(begun.result()).isEqualTo("found");
        assertThat(limit.during("a", () -> Future.succeededFuture("begun")).result())
                .isEqualTo("begun");
    }

    @Test
    void workThatThrowsIsOver() {
        limit.during("a", () -> {
            throw new IllegalStateException("broken");
        });
        assertThat(limit.total()).isZero();
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
                        limit.during("a", () -> {
                            most.accumulateAndGet(held.incrementAndGet(), Math::max);
                            held.decrementAndGet();
                            return Future.succeededFuture();
                        });
                    }
                }));
            }
            for (java.util.concurrent.Future<?> each : done) {
                each.get();
            }
        } finally {
            loops.shutdown();
        }
        assertThat(most.get()).isBetween(1, 2);
        assertThat(limit.total()).isZero();
    }
}
