package dev.berth.session.record;

import dev.berth.browser.ScreenFrame;
import dev.berth.browser.Screencast;
import dev.berth.loop.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The frames of the active page. The latest are held until somebody takes them: an encoder needs a moment to start, and a recording
 * begins when it was asked for. Runs on the session's context.
 */
final class FrameTap {
    static final int MAX_HELD = 16;
    /** A page that does not paint within this time, as its script does not come to rest, may not be seen at all. */
    private static final long FIRST_MILLIS = 2_000;

    private final Deque<ScreenFrame> held = new ArrayDeque<>();
    private final Instant askedAt;
    private final Promise<Void> first = Promise.promise();
    private final Future<Void> seen;
    private final Screencast.Watching watching;
    private Optional<Consumer<ScreenFrame>> taker = Optional.empty();

    FrameTap(Scheduler scheduler, Screencast screencast, int framesPerSecond) {
        this.askedAt = scheduler.now();
        this.seen = scheduler.within(FIRST_MILLIS, first.future()).otherwiseEmpty();
        this.watching = screencast.watch(Optional.empty(), framesPerSecond, this::came);
    }

    /** Completes with the first picture, or where there is none for too long. */
    Future<Void> seen() {
        return seen;
    }

    private void came(ScreenFrame painted) {
        ScreenFrame frame = painted.notBefore(askedAt);
        if (taker.isPresent()) {
            taker.get().accept(frame);
        } else {
            held.add(frame);
            if (held.size() > MAX_HELD) {
                held.remove();
            }
        }
        // Last: who waits for it may end the recording.
        first.tryComplete();
    }

    /** Passes on what is held, and from now on each frame. */
    void to(Consumer<ScreenFrame> frames) {
        taker = Optional.of(frames);
        List.copyOf(held).forEach(frames);
        held.clear();
    }

    void close() {
        watching.close();
        held.clear();
    }
}
