package dev.berth.live;

import dev.berth.browser.ScreenState;
import dev.berth.browser.Screencast.ScreenFrame;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Shows what a test gives it, on the test's thread. */
final class FakeScreen implements SessionScreen {
    /** The pages that viewers have watched, in order; {@code "active"} for the active one. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final List<Consumer<ScreenFrame>> watchers = new CopyOnWriteArrayList<>();
    private final List<Consumer<ScreenState>> listeners = new CopyOnWriteArrayList<>();
    private ScreenState state = ScreenState.EMPTY;
    private Optional<ScreenFrame> latest = Optional.empty();

    @Override
    public synchronized Runnable watch(Optional<String> page, Consumer<ScreenFrame> frames) {
        asked.add(page.orElse("active"));
        Consumer<ScreenFrame> watcher = frames::accept;
        watchers.add(watcher);
        latest.filter(frame -> page.orElse(frame.pageId()).equals(frame.pageId()))
                .ifPresent(watcher);
        return () -> watchers.remove(watcher);
    }

    @Override
    public synchronized Future<Buffer> picture(int width) {
        return latest.map(frame -> Future.succeededFuture(frame.jpeg()))
                .orElseGet(() -> Future.failedFuture("the page shows nothing"));
    }

    @Override
    public synchronized Runnable listen(boolean interactive, Consumer<ScreenState> states) {
        Consumer<ScreenState> listener = states::accept;
        listeners.add(listener);
        states.accept(state);
        return () -> listeners.remove(listener);
    }

    synchronized void show(ScreenState now) {
        state = now;
        listeners.forEach(listener -> listener.accept(now));
    }

    synchronized void show(String pageId, Buffer jpeg) {
        ScreenFrame frame = new ScreenFrame(pageId, "document", jpeg, Instant.ofEpochMilli(1_000), 800, 600);
        latest = Optional.of(frame);
        watchers.forEach(watcher -> watcher.accept(frame));
    }

    boolean isWatched() {
        return !watchers.isEmpty() || !listeners.isEmpty();
    }

    static ScreenState pages(String active, String... ids) {
        return new ScreenState(
                List.of(ids).stream()
                        .map(id -> new ScreenState.Page(id, "title of " + id, "http://x/" + id, id.equals(active)))
                        .toList(),
                List.of(),
                List.of(),
                List.of(),
                "default");
    }
}
