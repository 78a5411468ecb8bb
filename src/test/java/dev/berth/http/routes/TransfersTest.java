package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.limits.CountLimit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class TransfersTest {
    private final HandScheduler scheduler = new HandScheduler();
    private final List<Long> ended = new ArrayList<>();
    private final Transfers transfers = new Transfers(scheduler, new CountLimit<>(1, "one of yours is sent already"));

    private final class Sending {
        final Promise<Void> done = Promise.promise();
        final Future<Void> over;
        LongConsumer sent;

        Sending(long holder) {
            over = transfers.run(holder, () -> ended.add(holder), counting -> {
                sent = counting;
                return done.future();
            });
        }
    }

    @Test
    void aVerySlowTransferIsEnded() throws Exception {
        Sending slow = new Sending(1);
        Sending fast = new Sending(2);
        for (int minutes = 1; minutes < 10; minutes++) {
            slow.sent.accept(1 << 20);
            fast.sent.accept(4 << 20);
            scheduler.advance(Transfers.WINDOW_MILLIS / 10);
        }
        assertThat(ended).isEmpty();
        scheduler.advance(Transfers.WINDOW_MILLIS / 10);
        assertThat(ended).containsExactly(1L);
        // Bytes that were sent earlier count for their own window only.
        scheduler.advance(Transfers.WINDOW_MILLIS);
        assertThat(ended).containsExactly(1L, 2L);
    }

    @Test
    void aTransferHasItsPlaceUntilItIsOver() throws Exception {
        Sending first = new Sending(1);
        assertThat(new Sending(1).over.cause()).hasMessage("one of yours is sent already");
        first.done.complete();
        assertThat(first.over.succeeded()).isTrue();
        new Sending(1).done.fail("broken");
        assertThat(scheduler.timers()).isZero();
    }

    @Test
    void aTransferThatCanNotBeginIsOver() {
        Future<Void> broken = transfers.run(1, () -> ended.add(1L), sent -> {
            throw new IllegalStateException("broken");
        });
        assertThat(broken.cause()).hasMessage("broken");
        assertThat(scheduler.timers()).isZero();
        assertThat(new Sending(1).over.isComplete()).isFalse();
    }
}
