package dev.berth.node;

import dev.berth.browser.ScreenState;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.Screencast.Watching;
import dev.berth.browser.Screens;
import dev.berth.live.SessionScreen;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A session's browser as the screen that viewers see. */
record BrowserScreen(Screens.ShownBrowser shown) implements SessionScreen {
    /** Fast enough for people, and a third of what Chrome would make. */
    private static final int FRAMES_PER_SECOND = 20;

    static Optional<SessionScreen> find(Screens screens, SessionId id) {
        return screens.find(id).map(BrowserScreen::new);
    }

    @Override
    public Runnable watch(Optional<String> page, Consumer<ScreenFrame> frames) {
        return onBrowser(() -> shown.browser().screencast().watch(page, FRAMES_PER_SECOND, frames));
    }

    @Override
    public Future<Buffer> picture(int width) {
        Promise<Buffer> taken = Promise.promise();
        shown.context()
                .runOnContext(ignored -> Future.succeededFuture()
                        .compose(now -> shown.browser().screencast().picture(width))
                        .onComplete(taken));
        return taken.future();
    }

    @Override
    public Runnable listen(boolean interactive, Consumer<ScreenState> states) {
        return onBrowser(() -> shown.browser().screen().watch(interactive, states));
    }

    /** Begins something on the browser's context. The result ends it there. */
    private Runnable onBrowser(Supplier<Watching> begin) {
        AtomicReference<Watching> begun = new AtomicReference<>(() -> {});
        shown.context().runOnContext(ignored -> begun.set(begin.get()));
        return () -> shown.context().runOnContext(ignored -> begun.get().close());
    }
}
