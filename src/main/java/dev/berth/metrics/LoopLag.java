package dev.berth.metrics;

import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** How late event loops come to a task that is due: each is asked once a second. */
final class LoopLag {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Timer lags;
    private volatile boolean over;

    LoopLag(Meters meters) {
        lags = meters.timer(
                "berth.event.loop.lag", "Delay of an event loop in running a task that was due.", Meters.SHORT);
    }

    void watch(Vertx vertx) {
        ((VertxInternal) vertx).nettyEventLoopGroup().forEach(this::askNext);
    }

    private void askNext(EventExecutor loop) {
        long due = System.nanoTime() + REST_NANOS;
        try {
            loop.schedule(() -> came(loop, due), REST_NANOS, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // The loop's Vertx is closed, too.
            over = true;
        }
    }

    private void came(EventExecutor loop, long due) {
        if (!over) {
            lags.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
            askNext(loop);
        }
    }

    void stop() {
        over = true;
    }
}
