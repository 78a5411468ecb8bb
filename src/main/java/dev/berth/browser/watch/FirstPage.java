package dev.berth.browser.watch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page that a browser must have before anybody can use it: one that it came with, or one that is made on the way to where it
 * is wanted. Lives on the browser's context.
 */
final class FirstPage {
    private static final Logger log = LoggerFactory.getLogger(FirstPage.class);
    private static final String BLANK = "about:blank";
    private static final long TIMEOUT_MILLIS = 10_000;

    private final TargetSetup setup;
    private final Promise<Void> watched;
    private Optional<PageTarget> page = Optional.empty();
    private Optional<PageTarget> traveller = Optional.empty();
    /** The next page that is made is the one for the URL. */
    private boolean expectsTraveller;

    private boolean opening;

    /** @param watched of the browser's context: a timeout is told there too */
    FirstPage(TargetSetup setup, Promise<Void> watched) {
        this.watched = watched;
        this.setup = setup;
    }

    /** Completes when there is one, and whatever it does is heard. */
    Future<Void> watched() {
        return watched.future().timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Makes it; it goes to {@code firstUrl} as soon as it is watched. */
    void open(String firstUrl) {
        expectsTraveller = true;
        opening = true;
        // What Chrome does not take for a URL it makes a page for, and takes it away again.
        setup.openPage(firstUrl)
                .recover(refused -> {
                    expectsTraveller = false;
                    return setup.openPage(BLANK);
                })
                .onFailure(watched::tryFail)
                .onComplete(done -> {
                    opening = false;
                    prepared();
                });
    }

    /** The last page has gone. A browser without one could not be used. */
    void lost() {
        if (!opening) {
            setup.openPage(BLANK).onFailure(e -> log.debug("no blank page: {}", e.getMessage()));
        }
    }

    /**
     * A page has been made.
     *
     * @param ready completes when all that it takes to watch it is done
     */
    void made(PageTarget newPage, Future<Void> ready) {
        page = Optional.of(newPage);
        if (expectsTraveller) {
            expectsTraveller = false;
            newPage.madeToTravel();
            traveller = page;
        }
        ready.onSuccess(done -> prepared()).onFailure(e -> {
            // One that Chrome takes away again is followed by another.
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
     * A page is about to go somewhere. Where it is the one that was made for that, all that it takes to watch it has been asked of
     * Chrome, which does it in order, before it lets the page go; but it says so only once there is something to show. Gives
     * whether it was waited for.
     */
    boolean setOut(PageTarget traveller) {
        return traveller.hasSetOut() && watched.tryComplete();
    }

    /** The page, where it goes to what it was made for by itself. */
    Optional<PageTarget> journey() {
        return traveller.filter(PageTarget::hasSetOut);
    }

    void gone(String why) {
        watched.tryFail(why);
    }
}
