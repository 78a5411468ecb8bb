package dev.berth.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class PollingTest {
    /** A chain of composed futures overflows the stack after fewer than a thousand. */
    private static final int LOOKS = 1_500;

    @Test
    void looksAsOftenAsItTakes(Vertx vertx, VertxTestContext test) {
        AtomicInteger looks = new AtomicInteger();
        Polling.until(
                        vertx,
                        1,
                        () -> vertx.executeBlocking(
                                () -> looks.incrementAndGet() < LOOKS ? Optional.empty() : Optional.of("there"), false))
                .onComplete(test.succeeding(seen -> test.verify(() -> {
                    assertThat(seen).isEqualTo("there");
                    assertThat(looks).hasValue(LOOKS);
                    test.completeNow();
                })));
    }

    @Test
    void aLookThatThrowsFails(Vertx vertx, VertxTestContext test) {
        Polling.until(vertx, 1, () -> {
                    throw new IllegalStateException("closed");
                })
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(e).hasMessage("closed");
                    test.completeNow();
                })));
    }

    @Test
    void failsWithTheFirstFailure(Vertx vertx, VertxTestContext test) {
        AtomicInteger looks = new AtomicInteger();
        Polling.until(
                        vertx,
                        1,
                        () -> looks.incrementAndGet() < 3
                                ? Future.succeededFuture(Optional.empty())
                                : Future.failedFuture("blind"))
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(e).hasMessage("blind");
                    assertThat(looks).hasValue(3);
                    test.completeNow();
                })));
    }
}
