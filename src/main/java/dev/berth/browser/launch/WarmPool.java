package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.BrowserLauncher.LaunchSpec;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.loop.Scheduler;
import dev.berth.loop.VertxScheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of Chromes of one kind that are up before anybody asks. Each Chrome goes to one session, which gives it its viewport, locale, time zone and
 * user agent; none comes back. Where there is none ready, or that one has died or fails its session, one is launched.
 */
public final class WarmPool {
    private static final Logger log = LoggerFactory.getLogger(WarmPool.class);
    /** A session that has just begun needs the processor more than the next one's Chrome. */
    private static final long REFILL_MILLIS = 250;

    static final long RETRY_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 15_000;

    private final Scheduler scheduler;
    private final Source launcher;
    private final int size;
    private final Context context;
    private final Deque<WarmChrome> ready = new ConcurrentLinkedDeque<>();

    // The number of Chromes that are being prepared; used on the context only.
    private int preparing;
    /** The signal to abort the Chrome that is being prepared. */
    private Promise<Void> unwanted = Promise.promise();

    private boolean scheduled;
    private boolean closed;
    /** How many are being discarded. */
    private int leaving;

    private final Promise<Void> emptied = Promise.promise();

    /** @param size how many are kept ready; 0 for none */
    public WarmPool(Vertx vertx, Source launcher, int size) {
        this(vertx.getOrCreateContext(), new VertxScheduler(vertx), launcher, size);
    }

    WarmPool(Context context, Scheduler scheduler, Source launcher, int size) {
        this.context = context;
        this.scheduler = scheduler;
        this.launcher = launcher;
        this.size = size;
    }

    /** Begins to fill it, in the background. */
    public void start() {
        context.runOnContext(ignored -> refill());
    }

    /** See {@link BrowserLauncher#full}. */
    public Optional<String> full() {
        return launcher.full();
    }

    /** See {@link BrowserLauncher#requireHeld}. */
    public void requireHeld(SessionOptions options) {
        launcher.requireHeld(options);
    }

    /** See {@link BrowserLauncher#warm}. */
    public int warm() {
        return (int) ready.stream().filter(WarmChrome::isAlive).count();
    }

    /** See {@link BrowserLauncher#launch}. */
    public Future<Launched> launch(Optional<WarmBrowser> warm, LaunchSpec spec) {
        if (spec.hasFiles()) {
            warm.ifPresent(WarmBrowser::discard);
        } else if (warm.isPresent()) {
            return warm.get().adopt(spec).recover(e -> {
                if (spec.abort().succeeded()) {
                    return Future.failedFuture(e);
                }
                log.warn("a warm Chrome failed and is replaced by a new one: {}", e.getMessage());
                return launcher.launch(spec);
            });
        }
        // The disk may have filled while the session waited for its place.
        Optional<String> full = full();
        if (full.isPresent()) {
            return Future.failedFuture(new LaunchException(full.get()));
        }
        return launcher.launch(spec);
    }

    /** See {@link BrowserLauncher#takeWarm}. */
    public Optional<WarmBrowser> takeWarm() {
        context.runOnContext(ignored -> refillSoon(REFILL_MILLIS));
        if (full().isPresent()) {
            return Optional.empty();
        }
        for (WarmChrome next = ready.poll(); next != null; next = ready.poll()) {
            if (next.isAlive()) {
                return Optional.of(next);
            }
            WarmChrome dead = next;
            context.runOnContext(ignored -> discard(dead));
        }
        return Optional.empty();
    }

    private void refillSoon(long millis) {
        if (!scheduled && !closed) {
            scheduled = true;
            scheduler.after(millis, () -> {
                scheduled = false;
                refill();
            });
        }
    }

    /** Prepares the next Chrome, one at a time: nobody waits for it. */
    private void refill() {
        if (closed || preparing > 0 || warm() >= size) {
            return;
        }
        if (full().isPresent()) {
            refillSoon(RETRY_MILLIS);
            return;
        }
        preparing++;
        unwanted = Promise.promise();
        launcher.prepare(unwanted.future()).onComplete(prepared -> context.runOnContext(ignored -> prepared(prepared)));
    }

    private void prepared(AsyncResult<WarmChrome> prepared) {
        preparing--;
        unwanted = Promise.promise();
        if (prepared.failed()) {
            failed(prepared.cause());
        } else if (closed) {
            discard(prepared.result());
        } else {
            add(prepared.result());
            refill();
        }
        tellWhenEmpty();
    }

    /** A Chrome that dies while it waits makes room for another, after a pause: the next may die as soon. */
    private void add(WarmChrome chrome) {
        ready.add(chrome);
        chrome.exited()
                .onComplete(dead -> context.runOnContext(ignored -> {
                    if (ready.remove(chrome)) {
                        discard(chrome);
                        refillSoon(RETRY_MILLIS);
                    }
                }));
    }

    private void failed(Throwable e) {
        if (!closed) {
            log.warn("a warm Chrome could not be launched; will retry: {}", e.getMessage());
            refillSoon(RETRY_MILLIS);
        }
    }

    private void discard(WarmChrome chrome) {
        leaving++;
        Future.succeededFuture()
                .compose(counted -> chrome.discard())
                .onFailure(e -> log.error("a warm Chrome was not removed cleanly", e))
                .onComplete(gone -> context.runOnContext(ignored -> {
                    leaving--;
                    tellWhenEmpty();
                }));
    }

    private void tellWhenEmpty() {
        if (closed && preparing == 0 && leaving == 0) {
            emptied.tryComplete();
        }
    }

    /** Ends those that are ready, and those that are being prepared. */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            closed = true;
            unwanted.tryComplete();
            for (WarmChrome next = ready.poll(); next != null; next = ready.poll()) {
                discard(next);
            }
            tellWhenEmpty();
            scheduler.within(CLOSE_MILLIS, emptied.future()).onComplete(done);
        });
        return done.future();
    }

    /** The source of the pool's Chromes, and of a session's if none is warm. */
    interface Source {
        /** A session's Chrome, launched for it: see {@link BrowserLauncher#launch}. */
        Future<Launched> launch(LaunchSpec spec);

        /**
         * A Chrome with a blank page, for no session yet: eyes and hands are attached. The Chrome lives on a context of its own. A
         * failure leaves nothing behind.
         *
         * @param abort completes if it is no longer wanted
         */
        Future<WarmChrome> prepare(Future<Void> abort);

        /** See {@link BrowserLauncher#full}. */
        Optional<String> full();

        /** Throws {@link BerthException} that names the option, where this machine has no such browser, or can't hold one to it. */
        void requireHeld(SessionOptions options);
    }

    /** A Chrome that is up and waits for a session. Any thread may call. */
    interface WarmChrome extends WarmBrowser {
        boolean isAlive();

        /** Completes on any thread when the Chrome's process has exited, whoever ended it. */
        Future<?> exited();
    }
}
