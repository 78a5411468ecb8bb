package dev.berth.browser.watch.page;

import dev.berth.browser.watch.target.TargetSetup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page that a browser must have before it can be used: the one that it was launched with, or one that is created for the first
 * URL. Lives on the browser's context.
 */
public final class OpeningPage {
    private static final Logger log = LoggerFactory.getLogger(OpeningPage.class);
    static final String BLANK = "about:blank";
    private static final long TIMEOUT_MILLIS = 10_000;

    private final TargetSetup setup;
    private final Promise<Void> watched;
    private Optional<PageTarget> page = Optional.empty();
    private Optional<PageTarget> urlPage = Optional.empty();
    /** Whether the next new page is {@link #urlPage}. */
    private boolean expectsUrlPage;

    private boolean opening;

    /** @param watched a promise of the browser's context, so that a timeout is reported there too */
    public OpeningPage(TargetSetup setup, Promise<Void> watched) {
        this.watched = watched;
        this.setup = setup;
    }

    /** Completes when there is a page whose events are all received. */
    public Future<Void> watched() {
        return watched.future().timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Creates the page, which navigates to {@code firstUrl} as soon as it is watched. */
    public void open(String firstUrl) {
        expectsUrlPage = true;
        opening = true;
        // For an invalid URL, Chrome creates a page and closes it again.
        setup.openPage(firstUrl, TIMEOUT_MILLIS)
                .recover(refused -> {
                    expectsUrlPage = false;
                    return setup.openPage(BLANK, TIMEOUT_MILLIS);
                })
                .onFailure(watched::tryFail)
                .onComplete(done -> {
                    opening = false;
                    prepared();
                });
    }

    void lastPageClosed() {
        if (!opening) {
            setup.openPage(BLANK, TIMEOUT_MILLIS).onFailure(e -> log.debug("no blank page: {}", e.getMessage()));
        }
    }

    /** @param ready completes when the new page is watched */
    void opened(PageTarget newPage, Future<Void> ready) {
        page = Optional.of(newPage);
        if (expectsUrlPage) {
            expectsUrlPage = false;
            newPage.expectFirstNavigation();
            urlPage = page;
        }
        ready.onSuccess(done -> prepared()).onFailure(e -> {
            // A page that Chrome closes again is followed by a blank one.
            if (!opening) {
                watched.tryFail(e);
            }
        });
    }

    private void prepared() {
        if (!opening && page.filter(PageTarget::isPrepared).isPresent()) {
            watched.tryComplete();
        }
    }

    /**
     * A page has started to navigate. If it was created for that URL, it is watched: Chrome carries out commands in order, so those that
     * set up watching come before the navigation, although Chrome answers them only when the document is there.
     *
     * @return whether this completed {@link #watched}
     */
    boolean navigationStarted(PageTarget newPage) {
        return newPage.hasStartedFirstNavigation() && watched.tryComplete();
    }

    /** The page that was created for the first URL, once its navigation has started. */
    public Optional<PageTarget> navigating() {
        return urlPage.filter(PageTarget::hasStartedFirstNavigation);
    }

    public void gone(String why) {
        watched.tryFail(why);
    }
}
