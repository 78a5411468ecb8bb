package dev.berth.fake;

import dev.berth.browser.Screencast;
import dev.berth.browser.Screencast.ScreenFrame;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Shows the frames that a test gives it. */
public final class FakeScreencast implements Screencast {
    private final List<Watched> watched = new CopyOnWriteArrayList<>();

    private volatile Optional<ScreenFrame> present = Optional.empty();

    /** @param page empty for the active one */
    public record Watched(Optional<String> page, int framesPerSecond, Consumer<ScreenFrame> frames) {}

    /** Who watches now. */
    public List<Watched> watched() {
        return watched;
    }

    /** What whoever begins to watch gets at once. */
    public void looksLike(ScreenFrame frame) {
        present = Optional.of(frame);
    }

    /** Whoever begins to watch gets nothing before something is shown. */
    public void looksNoMore() {
        present = Optional.empty();
    }

    /** To all who watch its page, or the active one, on the caller's thread. */
    public void show(ScreenFrame frame) {
        watched.stream()
                .filter(watch -> watch.page().orElse(frame.pageId()).equals(frame.pageId()))
                .forEach(watch -> watch.frames().accept(frame));
    }

    @Override
    public Future<Buffer> picture(int width) {
        return present.map(frame -> Future.succeededFuture(frame.jpeg()))
                .orElseGet(() -> Future.failedFuture("the page shows nothing"));
    }

    @Override
    public Watching watch(Optional<String> page, int framesPerSecond, Consumer<ScreenFrame> frames) {
        Watched watch = new Watched(page, framesPerSecond, frames);
        watched.add(watch);
        present.ifPresent(frames);
        return () -> watched.remove(watch);
    }
}
