package dev.berth.session.record;

import dev.berth.browser.ScreenFrame;
import dev.berth.browser.Screencast;
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

    private final Deque<ScreenFrame> held = new ArrayDeque<>();
    private final Screencast.Watching watching;
    private Optional<Consumer<ScreenFrame>> taker = Optional.empty();

    FrameTap(Screencast screencast, int framesPerSecond) {
        this.watching = screencast.watch(Optional.empty(), framesPerSecond, this::came);
    }

    private void came(ScreenFrame frame) {
        if (taker.isPresent()) {
            taker.get().accept(frame);
        } else {
            held.add(frame);
            if (held.size() > MAX_HELD) {
                held.remove();
            }
        }
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
