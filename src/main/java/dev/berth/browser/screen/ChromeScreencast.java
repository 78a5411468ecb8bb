package dev.berth.browser.screen;

import dev.berth.browser.Failures;
import dev.berth.browser.Screencast;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.loop.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The screencasts of a Chrome's pages: one of each page that is watched, none of the others. */
public final class ChromeScreencast implements Screencast {
    private final Scheduler scheduler;
    private final Pages pages;
    private final CastConnection connection;
    private final Map<String, PageCast> casts = new HashMap<>();
    /** The watches that follow the active page. */
    private final Set<Watch> followers = new LinkedHashSet<>();

    private final Set<OnePicture> pictures = new HashSet<>();
    private Optional<String> active = Optional.empty();
    private boolean over;

    /** @param connect opens a connection to the browser, on the caller's context */
    public ChromeScreencast(Scheduler scheduler, Supplier<Future<CdpConnection>> connect, Pages pages) {
        this.scheduler = scheduler;
        this.pages = pages;
        this.connection = new CastConnection(connect);
        this.active = activeNow();
        pages.onChange(this::pagesChanged);
    }

    @Override
    public Watching watch(Optional<String> page, int framesPerSecond, Consumer<ScreenFrame> frames) {
        if (framesPerSecond < 1 || framesPerSecond > MAX_FRAMES_PER_SECOND) {
            throw new IllegalArgumentException("no pace for frames: " + framesPerSecond);
        }
        Watch watch = new Watch(scheduler, framesPerSecond, frames, this::closed);
        if (page.isEmpty()) {
            followers.add(watch);
        }
        page.or(() -> active).ifPresent(id -> join(id, watch));
        return watch;
    }

    @Override
    public Future<Buffer> picture(int width) {
        return pages.active()
                .map(page -> page.crashed() ? crashed() : picture(page, width))
                .orElseGet(() -> Future.failedFuture(Failures.noPage()));
    }

    private static Future<Buffer> crashed() {
        return Future.failedFuture(Failures.crashed());
    }

    private Future<Buffer> picture(PageTarget page, int width) {
        OnePicture picture = new OnePicture(scheduler, Promise.promise());
        pictures.add(picture);
        return picture.take(listener -> connection.attach(page, listener, width))
                .onComplete(done -> pictures.remove(picture));
    }

    private void join(String pageId, Watch watch) {
        Optional<PageTarget> page = over ? Optional.empty() : pages.byTarget(pageId);
        page.ifPresent(
                target -> casts.computeIfAbsent(pageId, id -> cast(target)).add(watch));
    }

    private PageCast cast(PageTarget page) {
        PageCast cast = new PageCast(scheduler, page.targetId(), page::documentId);
        cast.begin(() -> connection.attach(page, cast));
        return cast;
    }

    private void closed(Watch watch) {
        followers.remove(watch);
        leave(watch);
    }

    private void leave(Watch watch) {
        watch.forget();
        casts.values().forEach(cast -> cast.remove(watch));
        endUnwatched();
    }

    private void endUnwatched() {
        casts.values().removeIf(cast -> {
            boolean unwatched = cast.isUnwatched();
            if (unwatched) {
                cast.end();
            }
            return unwatched;
        });
    }

    private Optional<String> activeNow() {
        return pages.active().map(PageTarget::targetId);
    }

    private void pagesChanged() {
        casts.entrySet().removeIf(cast -> isGone(cast.getKey(), cast.getValue()));
        casts.values().forEach(PageCast::navigated);
        Optional<String> now = activeNow();
        if (!now.equals(active)) {
            active = now;
            Set.copyOf(followers).forEach(this::leave);
            active.ifPresent(id -> followers.forEach(watch -> join(id, watch)));
        }
    }

    private boolean isGone(String pageId, PageCast cast) {
        boolean gone = pages.byTarget(pageId).isEmpty();
        if (gone) {
            cast.end();
        }
        return gone;
    }

    public Future<Void> close() {
        over = true;
        casts.values().forEach(PageCast::end);
        casts.clear();
        Set.copyOf(pictures).forEach(picture -> picture.fail(Failures.failed("the browser was closed")));
        return connection.close();
    }
}
