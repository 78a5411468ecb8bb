package dev.berth.browser.screen;

import dev.berth.browser.Failures;
import dev.berth.browser.screen.CastConnection.CastTarget;
import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Function;

/**
 * One picture of a page, made smaller by Chrome: the first frame of a screencast that ends with it. A script that does not come to rest
 * holds up {@code Page.captureScreenshot}, but not a screencast.
 */
final class OnePicture implements CastTarget.Listener {
    /** A page that has painted gives its frame in some 20 ms. A page that has not painted is asked to after this time, and then less and less often. */
    private static final long FIRST_PATIENCE_MILLIS = 150;

    private static final long MAX_MILLIS = 5_000;

    private final Scheduler scheduler;
    private final Promise<Buffer> taken;
    private final Timer deadline;
    private Optional<CastTarget> target = Optional.empty();
    private Timer patience = () -> {};
    private long patienceMillis = FIRST_PATIENCE_MILLIS;

    /** @param taken is completed on the browser's context */
    OnePicture(Scheduler scheduler, Promise<Buffer> taken) {
        this.scheduler = scheduler;
        this.taken = taken;
        this.deadline =
                scheduler.after(MAX_MILLIS, () -> fail(Failures.timeout("the capture of the page", MAX_MILLIS)));
    }

    Future<Buffer> take(Function<CastTarget.Listener, Future<CastTarget>> attach) {
        attach.apply(this).onSuccess(this::attached).onFailure(this::fail);
        return taken.future();
    }

    private void attached(CastTarget to) {
        if (taken.future().isComplete()) {
            to.leave();
        } else {
            target = Optional.of(to);
            start(to);
        }
    }

    private void start(CastTarget to) {
        to.start();
        // The picture makes the page paint; the frame that comes of it has the wanted size. A page that gives none may
        // paint later.
        patience = scheduler.after(patienceMillis, () -> to.picture().onComplete(painted -> startLater(to)));
    }

    private void startLater(CastTarget to) {
        if (!taken.future().isComplete()) {
            patience = scheduler.after(patienceMillis, () -> {
                patienceMillis *= 2;
                to.stop();
                start(to);
            });
        }
    }

    @Override
    public void came(FrameEvent event) {
        taken.tryComplete(Buffer.buffer(event.jpeg()));
        end();
    }

    @Override
    public void lost() {
        fail(Failures.noRoom());
    }

    @Override
    public void detached() {
        fail(Failures.failed("the page was closed"));
    }

    void fail(Throwable why) {
        taken.tryFail(why);
        end();
    }

    private void end() {
        deadline.cancel();
        patience.cancel();
        target.ifPresent(CastTarget::leave);
        target = Optional.empty();
    }
}
