package dev.berth.browser.screen;

import dev.berth.browser.screen.CastConnection.CastTarget;
import dev.berth.loop.Scheduler;
import io.vertx.core.AsyncResult;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Pictures of a page that moves, asked for one by one until it rests. Chrome takes 80 ms for each, so this is nothing for a live
 * view. But for a screencast Chrome copies each picture that it paints, whether that is wanted or not: 1280 x 720 at 60 a second
 * took 45 % of a core more than the page alone, ten pictures a second 14 % and two 4 % (headless shell 156).
 */
final class PictureSeries {
    /** The most for which it is cheaper than a screencast. */
    static final int MAX_PICTURES_PER_SECOND = 10;

    private final Scheduler scheduler;
    private final CastTarget target;
    private final LongSupplier periodNanos;
    private final Predicate<byte[]> pictures;
    private final Runnable onRest;
    private Scheduler.Timer next;
    private boolean over;

    /**
     * @param pictures gets each picture, and tells whether it differs from the one before
     * @param onRest is called once, where it does not, or where the page gives no picture
     */
    PictureSeries(
            Scheduler scheduler,
            CastTarget target,
            LongSupplier periodNanos,
            Predicate<byte[]> pictures,
            Runnable onRest) {
        this.scheduler = scheduler;
        this.target = target;
        this.periodNanos = periodNanos;
        this.pictures = pictures;
        this.onRest = onRest;
        takeAfter(periodNanos.getAsLong());
    }

    private void takeAfter(long nanos) {
        next = scheduler.after(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), this::take);
    }

    private void take() {
        long askedNanos = scheduler.nanos();
        target.picture().onComplete(taken -> took(taken, askedNanos));
    }

    private void took(AsyncResult<byte[]> taken, long askedNanos) {
        if (over) {
            return;
        }
        boolean moves = taken.succeeded() && pictures.test(taken.result());
        if (over) {
            return; // whoever got the picture has ended the series
        }
        if (moves) {
            takeAfter(askedNanos + periodNanos.getAsLong() - scheduler.nanos());
        } else {
            onRest.run();
        }
    }

    void end() {
        over = true;
        next.cancel();
    }
}
