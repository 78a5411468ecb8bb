package dev.berth.session.record;

import dev.berth.browser.Pointer;
import dev.berth.browser.Pointer.Moved;
import dev.berth.browser.Screencast;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A browser's pictures with its mouse in them, for a while after each move: a still page is shown with it and once more without. Pictures
 * at any other time pass untouched. Runs on the session's context.
 */
public final class PointedScreencast implements Screencast {
    /** Time for which the mouse is shown: long enough to be seen; each frame with the mouse costs. */
    static final long SHOWN_MILLIS = 700;

    private final Scheduler scheduler;
    private final Screencast pictures;
    private final Pointer pointer;
    private final PointerDrawing drawing;

    public PointedScreencast(Scheduler scheduler, Screencast pictures, Pointer pointer, PointerDrawing drawing) {
        this.scheduler = scheduler;
        this.pictures = pictures;
        this.pointer = pointer;
        this.drawing = drawing;
    }

    @Override
    public Watching watch(Optional<String> page, int framesPerSecond, Consumer<ScreenFrame> frames) {
        Pointed pointed = new Pointed(TimeUnit.SECONDS.toNanos(1) / framesPerSecond, frames);
        Watching moves = pointer.watch(pointed::moved);
        Watching painted = pictures.watch(page, framesPerSecond, pointed::came);
        return () -> {
            moves.close();
            painted.close();
            pointed.close();
        };
    }

    /** A picture without the mouse. */
    @Override
    public Future<Buffer> picture(int width) {
        return pictures.picture(width);
    }

    /** A frame on its way, and what it will be shown as. */
    private record Waiting(ScreenFrame plain, Future<ScreenFrame> shown) {}

    /** The frames of one who watches. */
    private final class Pointed {
        private final long periodNanos;
        /** For the page to paint what the mouse does. A click is one frame then, too. */
        private final long patienceNanos;

        private final Consumer<ScreenFrame> frames;
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private Optional<ScreenFrame> latest = Optional.empty();
        private Optional<Moved> place = Optional.empty();
        private Optional<Moved> pressed = Optional.empty();
        private Timer again = () -> {};
        private Timer rest = () -> {};
        private boolean due;
        /** Whether what was shown last has a mark. */
        private boolean marked;

        private long nextNanos = scheduler.nanos();

        Pointed(long periodNanos, Consumer<ScreenFrame> frames) {
            this.periodNanos = periodNanos;
            this.patienceNanos = periodNanos / 2;
            this.frames = frames;
        }

        void came(ScreenFrame frame) {
            latest = Optional.of(frame);
            show(frame);
        }

        void moved(Moved to) {
            boolean samePage =
                    place.filter(before -> before.pageId().equals(to.pageId())).isPresent();
            pressed = to.pressed() ? Optional.of(to) : pressed.filter(before -> samePage);
            place = Optional.of(to);
            rest.cancel();
            rest = scheduler.after(SHOWN_MILLIS, this::rested);
            if (!due) {
                due = true;
                long paceNanos = Math.max(0, nextNanos - scheduler.nanos());
                again = scheduler.after(TimeUnit.NANOSECONDS.toMillis(paceNanos + patienceNanos), this::showAgain);
            }
        }

        private void rested() {
            place = Optional.empty();
            pressed = Optional.empty();
            showAgain();
        }

        /** The page may be still. */
        private void showAgain() {
            due = false;
            latest.filter(frame -> marked || mark(frame).isPresent())
                    .map(frame -> frame.notBefore(scheduler.now()))
                    .ifPresent(this::show);
        }

        private void show(ScreenFrame frame) {
            again.cancel();
            due = false;
            nextNanos = scheduler.nanos() + periodNanos;
            Optional<PointerMark> mark = mark(frame);
            marked = mark.isPresent();
            Waiting next = new Waiting(
                    frame, mark.map(drawn -> drawing.draw(frame, drawn)).orElse(Future.succeededFuture(frame)));
            waiting.add(next);
            next.shown().onComplete(drawn -> passDrawn());
        }

        private Optional<PointerMark> mark(ScreenFrame frame) {
            return place.filter(at -> at.pageId().equals(frame.pageId())).map(at -> new PointerMark(at, pressed));
        }

        private void passDrawn() {
            while (!waiting.isEmpty() && waiting.peek().shown().isComplete()) {
                frames.accept(waiting.remove().shown().result());
            }
        }

        private void passAll() {
            while (!waiting.isEmpty()) {
                Waiting next = waiting.remove();
                frames.accept(next.shown().isComplete() ? next.shown().result() : next.plain());
            }
        }

        void close() {
            again.cancel();
            rest.cancel();
            passAll();
        }
    }
}
