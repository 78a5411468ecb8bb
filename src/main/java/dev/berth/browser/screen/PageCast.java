package dev.berth.browser.screen;

import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.browser.screen.CastConnection.CastTarget;
import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one screencast of a page, for all who watch it. Its pace is that of its acknowledgements: Chrome sends two frames ahead of them,
 * so that after a rest the next change comes at once, and skips what is painted meanwhile. Chrome never sends skipped frames again; so
 * where a skipped one may have been the last change, the screencast begins anew at rest, which gives the present picture. (Measured,
 * headless shell 156: that takes 16 ms; Chrome's own {@code everyNthFrame} costs as much at the same pace, and delays the first change.) A
 * screencast that begins while a navigation swaps the page's view stays with the old view, and is silent for ever; so one that does not
 * send its first picture, or no picture of a new document, begins anew. Where nobody wants more than {@link PictureSeries} gives, the
 * screencast only tells that a still page begins to move.
 */
final class PageCast implements CastTarget.Listener {
    private static final Logger log = LoggerFactory.getLogger(PageCast.class);
    private static final long REST_MILLIS = 300;
    private static final long MAX_FIRST_MILLIS = 5_000;
    /** The pause before attaching anew, which doubles each time that attaching fails. A frame that comes sets it back. */
    private static final long FIRST_RETRY_MILLIS = 250;

    private static final long MAX_RETRY_MILLIS = 10_000;
    /** An acknowledgement reaches Chrome within this time, unless the machine is overloaded. */
    private static final long ARRIVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Scheduler scheduler;
    private final String pageId;
    private final Supplier<String> documentId;
    private final Set<Watch> watches = new LinkedHashSet<>();
    private Optional<CastTarget> target = Optional.empty();
    private Optional<ScreenFrame> latest = Optional.empty();
    private Optional<Timer> rest = Optional.empty();
    private Optional<Timer> pace = Optional.empty();
    /**
     * The timer for the first frame after a navigation. A frame does not cancel this timer: the frame may be a late one of the document
     * before.
     */
    private Optional<Timer> arrival = Optional.empty();

    private Optional<Timer> retry = Optional.empty();
    /** While there is a series, the screencast is stopped. */
    private Optional<PictureSeries> series = Optional.empty();

    private Supplier<Future<CastTarget>> attach = () -> Future.failedFuture("it was not begun");
    private long retryMillis = FIRST_RETRY_MILLIS;
    /** How many frames Chrome has sent that are not acknowledged. */
    private int owed;
    /** Whether Chrome has sent the picture with which a screencast begins. */
    private boolean begun;

    private String document;

    private int cast;
    private long acknowledgedNanos;
    /** Whether Chrome may have skipped a change since the latest frame. */
    private boolean skipped;

    /** How long the next wait for the first frame may take. */
    private long firstMillis = REST_MILLIS;

    private boolean over;

    /** @param documentId gives the loader id of the page's document */
    PageCast(Scheduler scheduler, String pageId, Supplier<String> documentId) {
        this.scheduler = scheduler;
        this.pageId = pageId;
        this.documentId = documentId;
        this.document = documentId.get();
    }

    /** @param attaching attaches to the page; is tried again where it fails, until the cast ends, as it does with its page */
    void begin(Supplier<Future<CastTarget>> attaching) {
        attach = attaching;
        attach();
    }

    private void attach() {
        attach.get().onSuccess(this::attached).onFailure(e -> attachLater(e.toString()));
    }

    private void attached(CastTarget to) {
        if (over) {
            to.leave();
        } else {
            target = Optional.of(to);
            start();
        }
    }

    private void attachLater(String why) {
        if (!over) {
            log.debug("the screencast of {} is attached again in {} ms: {}", pageId, retryMillis, why);
            retry = Optional.of(scheduler.after(retryMillis, this::attach));
            retryMillis = Math.min(2 * retryMillis, MAX_RETRY_MILLIS);
        }
    }

    @Override
    public void detached() {
        cancelTimers();
        target = Optional.empty();
        begun = false;
        attachLater("it was detached");
    }

    void add(Watch watch) {
        watches.add(watch);
        latest.ifPresent(watch::show);
        if (!isSlow()) {
            series.ifPresent(pictures -> castAgain());
            acknowledgeByPace();
        }
    }

    private boolean isSlow() {
        return framesPerSecond() <= PictureSeries.MAX_PICTURES_PER_SECOND;
    }

    void remove(Watch watch) {
        watches.remove(watch);
    }

    boolean isUnwatched() {
        return watches.isEmpty();
    }

    void end() {
        over = true;
        cancelTimers();
        target.ifPresent(CastTarget::leave);
    }

    private void start() {
        owed = 0;
        begun = false;
        skipped = false;
        acknowledgedNanos = scheduler.nanos() - ARRIVAL_NANOS;
        target.ifPresent(CastTarget::start);
        awaitFirst();
    }

    /**
     * Waits for the first frame. Chrome sends none of a page that has not painted when the screencast begins, and does not change
     * afterwards. Asking for a picture has the page paint, and the screencast then sends that with its viewport.
     */
    private void awaitFirst() {
        if (latest.isEmpty() || firstMillis > REST_MILLIS) {
            target.ifPresent(CastTarget::picture);
        }
        rest = Optional.of(scheduler.after(firstMillis, this::restart));
        firstMillis = Math.min(2 * firstMillis, MAX_FIRST_MILLIS);
    }

    /**
     * To be called when the page may have another document. A picture that was asked for before shows the document before, or does
     * not come for seconds; and the screencast may be lost.
     */
    void navigated() {
        if (!document.equals(documentId.get())) {
            document = documentId.get();
            if (series.isPresent()) {
                castAgain();
            } else if (begun) {
                arrival.ifPresent(Timer::cancel);
                arrival = Optional.of(scheduler.after(REST_MILLIS, this::restart));
            }
        }
    }

    private void restart() {
        cancelTimers();
        target.ifPresent(CastTarget::stop);
        start();
    }

    @Override
    public void came(FrameEvent event) {
        if (over || series.isPresent()) {
            return;
        }
        boolean moves = begun;
        if (!begun) {
            begun = true;
            firstMillis = REST_MILLIS;
            rest.ifPresent(Timer::cancel);
        }
        retryMillis = FIRST_RETRY_MILLIS;
        cast = event.cast();
        boolean isNew = show(event.of(pageId, document));
        skipped = isNew && (owed > 0 || scheduler.nanos() - acknowledgedNanos < ARRIVAL_NANOS);
        owed++;
        if (!isSlow()) {
            acknowledgeByPace();
            awaitRest();
        } else if (moves && isSmall(Buffer.buffer(event.jpeg()))) {
            takePictures();
        }
    }

    /** Whether it is another picture than the latest. */
    private boolean show(ScreenFrame frame) {
        boolean isNew =
                latest.filter(shown -> shown.jpeg().equals(frame.jpeg())).isEmpty();
        latest = Optional.of(frame);
        if (isNew) {
            Set.copyOf(watches).forEach(watch -> watch.show(frame));
        }
        return isNew;
    }

    @Override
    public void lost() {
        if (series.isEmpty()) {
            skipped = true;
            awaitRest();
        }
    }

    private void takePictures() {
        cancelTimers();
        target.ifPresent(attached -> {
            attached.stop();
            series =
                    Optional.of(new PictureSeries(scheduler, attached, this::periodNanos, this::took, this::castAgain));
        });
    }

    private boolean took(byte[] jpeg) {
        ScreenFrame before = latest.orElseThrow();
        Buffer picture = Buffer.buffer(jpeg);
        return isSmall(picture)
                && show(new ScreenFrame(pageId, document, picture, scheduler.now(), before.width(), before.height()));
    }

    /** A larger page keeps its screencast, which makes its pictures smaller. */
    private static boolean isSmall(Buffer jpeg) {
        return FrameEvent.longerSide(jpeg) < CastConnection.MAX_SIDE;
    }

    private void castAgain() {
        cancelTimers();
        start();
    }

    private void acknowledgeByPace() {
        if (owed == 0 || pace.isPresent()) {
            return;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(acknowledgedNanos + periodNanos() - scheduler.nanos());
        if (millis <= 0) {
            acknowledge();
        } else {
            pace = Optional.of(scheduler.after(millis, this::acknowledge));
        }
    }

    private void acknowledge() {
        pace = Optional.empty();
        owed--;
        acknowledgedNanos = scheduler.nanos();
        target.ifPresent(attached -> attached.acknowledge(cast));
        acknowledgeByPace();
    }

    private long periodNanos() {
        return TimeUnit.SECONDS.toNanos(1) / framesPerSecond();
    }

    private int framesPerSecond() {
        return watches.stream().mapToInt(Watch::framesPerSecond).max().orElse(1);
    }

    /** Waits for rest anew; called with each frame. */
    private void awaitRest() {
        rest.ifPresent(Timer::cancel);
        rest = skipped ? Optional.of(scheduler.after(REST_MILLIS, this::rested)) : Optional.empty();
    }

    /** While frames are not acknowledged, at a slow pace, Chrome may not send the next one yet. */
    private void rested() {
        rest = Optional.empty();
        if (owed > 0 && !isSlow()) {
            awaitRest();
        } else {
            restart();
        }
    }

    private void cancelTimers() {
        rest.ifPresent(Timer::cancel);
        pace.ifPresent(Timer::cancel);
        arrival.ifPresent(Timer::cancel);
        retry.ifPresent(Timer::cancel);
        series.ifPresent(PictureSeries::end);
        rest = Optional.empty();
        pace = Optional.empty();
        arrival = Optional.empty();
        retry = Optional.empty();
        series = Optional.empty();
    }
}
