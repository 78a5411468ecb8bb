package dev.berth.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** How many of a thing are done in a second, with so many under way all the time. On one event loop. */
final class Throughput {
    private final int lanes;
    private final IntFunction<Future<?>> operation;
    private final Promise<Double> rate = Promise.promise();
    private final long begunNanos = System.nanoTime();
    private final long millis;
    private long done;
    private int busy;

    private Throughput(int lanes, long millis, IntFunction<Future<?>> operation) {
        this.lanes = lanes;
        this.millis = millis;
        this.operation = operation;
    }

    /** An event loop of {@code vertx}. */
    static Context loop(Vertx vertx) {
        Promise<Context> context = Promise.promise();
        vertx.runOnContext(ignored -> context.complete(vertx.getOrCreateContext()));
        return Rig.await(context.future());
    }

    /** @param operation given the number of the lane that does it */
    static double perSecond(Context context, int lanes, long millis, IntFunction<Future<?>> operation) {
        Promise<Double> rate = Promise.promise();
        context.runOnContext(
                ignored -> new Throughput(lanes, millis, operation).run().onComplete(rate));
        return Rig.await(rate.future());
    }

    private Future<Double> run() {
        busy = lanes;
        for (int lane = 0; lane < lanes; lane++) {
            next(lane);
        }
        return rate.future();
    }

    private void next(int lane) {
        operation.apply(lane).onComplete(result -> {
            if (result.failed()) {
                rate.tryFail(result.cause());
                return;
            }
            done++;
            long elapsed = System.nanoTime() - begunNanos;
            if (elapsed < TimeUnit.MILLISECONDS.toNanos(millis)) {
                next(lane);
            } else if (--busy == 0) {
                rate.complete(done * 1e9 / elapsed);
            }
        });
    }
}
