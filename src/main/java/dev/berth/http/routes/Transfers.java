package dev.berth.http.routes;

import dev.berth.http.request.Connections;
import dev.berth.limits.CountLimit;
import dev.berth.loop.Scheduler;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** Files that are being sent: limits how many, and ends transfers whose clients are too slow. For any event loop. */
public final class Transfers {
    /** A client that takes less in {@link #WINDOW_MILLIS} (55 KiB a second) is cut off. */
    static final long MIN_BYTES = 32L << 20;

    static final long WINDOW_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private final Scheduler scheduler;
    private final CountLimit<Long> limit;

    /** @param limit of each holder, and of the node */
    public Transfers(Scheduler scheduler, CountLimit<Long> limit) {
        this.scheduler = scheduler;
        this.limit = limit;
    }

    /**
     * Sends a file, or fails the request. What has begun can only be cut off, so that the client does not take a part for the whole.
     *
     * @param sending is given what counts the bytes that were sent
     */
    public void send(RoutingContext ctx, long holder, Function<LongConsumer, Future<Void>> sending) {
        run(holder, () -> Connections.cut(ctx.request()), sending).onFailure(ctx::fail);
    }

    /** @param end ends the transfer, since it is too slow */
    Future<Void> run(long holder, Runnable end, Function<LongConsumer, Future<Void>> sending) {
        return limit.during(holder, () -> {
            Transfer transfer = new Transfer(end);
            return Future.succeededFuture()
                    .compose(now -> sending.apply(transfer::sent))
                    .onComplete(over -> transfer.timer.cancel());
        });
    }

    private final class Transfer {
        private final Runnable end;
        private Scheduler.Timer timer;
        private long sentBytes;

        private Transfer(Runnable end) {
            this.end = end;
            watch();
        }

        private void watch() {
            sentBytes = 0;
            timer = scheduler.after(WINDOW_MILLIS, this::check);
        }

        private void check() {
            if (sentBytes < MIN_BYTES) {
                end.run();
            } else {
                watch();
            }
        }

        private void sent(long bytes) {
            sentBytes += bytes;
        }
    }
}
