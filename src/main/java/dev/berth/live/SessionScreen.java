package dev.berth.live;

import dev.berth.browser.ScreenState;
import dev.berth.browser.Screencast.ScreenFrame;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;

/** The screen of a session, as viewers see it. May be used on any thread; tells on the session's, which must not be held up. */
public interface SessionScreen {
    /**
     * Begins to give frames: the latest soon, then each change.
     *
     * @param page empty for the active page, whichever that is at each time
     * @return ends it; may be run again
     */
    Runnable watch(Optional<String> page, Consumer<ScreenFrame> frames);

    /** The present picture of the active page, as a JPEG of at most {@code width} pixels. It may come on any thread. */
    Future<Buffer> picture(int width);

    /**
     * Begins to give the state: the present one soon, then each change.
     *
     * @param interactive whether the listener can answer dialogs and choosers, which wait for that
     * @return ends it; may be run again
     */
    Runnable listen(boolean interactive, Consumer<ScreenState> states);
}
