package dev.berth.browser.screen;

import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.Screencast.Watching;
import dev.berth.loop.Scheduler;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watcher's subscription: it gets frames at no higher pace than wanted, and the latest one in any case. */
final class Watch implements Watching {
    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    private final Scheduler scheduler;
    private final int framesPerSecond;
    private final Consumer<ScreenFrame> frames;
    private final Consumer<Watch> onClosed;
    private Optional<ScreenFrame> waiting = Optional.empty();
    private boolean due;
    private long nextNanos;
    private boolean closed;

    /** @param onClosed is called once */
    Watch(Scheduler scheduler, int framesPerSecond, Consumer<ScreenFrame> frames, Consumer<Watch> onClosed) {
        this.scheduler = scheduler;
        this.framesPerSecond = framesPerSecond;
        this.frames = frames;
        this.onClosed = onClosed;
        this.nextNanos = scheduler.nanos();
    }

    int framesPerSecond() {
        return framesPerSecond;
    }

    void show(ScreenFrame frame) {
        if (closed) {
            return;
        }
        waiting = Optional.of(frame);
        if (!due) {
            long millis = TimeUnit.NANOSECONDS.toMillis(nextNanos - scheduler.nanos());
            if (millis <= 0) {
                tell();
            } else {
                due = true;
                scheduler.after(millis, this::tell);
            }
        }
    }

    /** Drops the waiting frame, which is of a page that is not watched any more. */
    void forget() {
        waiting = Optional.empty();
    }

    private void tell() {
        due = false;
        Optional<ScreenFrame> frame = waiting;
        waiting = Optional.empty();
        frame.ifPresent(this::tell);
    }

    private void tell(ScreenFrame frame) {
        // A frame that was a little late does not delay the next one.
        nextNanos = Math.max(nextNanos, scheduler.nanos() - periodNanos()) + periodNanos();
        try {
            frames.accept(frame);
        } catch (RuntimeException e) {
            log.error("a frame could not be handled", e);
        }
    }

    private long periodNanos() {
        return TimeUnit.SECONDS.toNanos(1) / framesPerSecond;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            forget();
            onClosed.accept(this);
        }
    }
}
