package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.BrowserLauncher.Launched;
import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.browser.BrowserListener;
import dev.berth.browser.SavedProfile;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaunchWatchTest {
    private final Deque<Future<Launched>> launches = new ArrayDeque<>();
    private final Deque<Future<?>> attempts = new ArrayDeque<>();
    private Optional<String> full = Optional.empty();
    private final LaunchWatch watch = new LaunchWatch(
            new BrowserLauncher() {
                @Override
                public Future<Launched> launch(
                        Optional<WarmBrowser> warm,
                        SessionOptions options,
                        Optional<SavedProfile> profile,
                        Optional<Navigate> opening,
                        BrowserListener listener,
                        Future<Void> abort) {
                    return launches.remove();
                }

                @Override
                public Optional<String> full() {
                    return full;
                }
            },
            attempts::remove,
            new NodeMetrics().sessions());

    private void launch(Future<Launched> outcome, Future<Void> abort) {
        launches.add(outcome);
        watch.launch(Optional.empty(), null, Optional.empty(), Optional.empty(), null, abort);
    }

    @Test
    void aFailureCountsUntilABrowserStarts() {
        assertThat(watch.check().succeeded()).isTrue();
        launch(Future.failedFuture("no"), Promise.<Void>promise().future());
        attempts.add(Future.failedFuture("still no"));
        assertThat(watch.check().failed()).isTrue();
        // A second check right after does not try again.
        assertThat(watch.check().failed()).isTrue();
        launch(Future.succeededFuture(), Promise.<Void>promise().future());
        assertThat(watch.check().succeeded()).isTrue();
    }

    @Test
    void aSuccessfulTryClearsTheFailure() {
        launch(Future.failedFuture("no"), Promise.<Void>promise().future());
        attempts.add(Future.succeededFuture());
        assertThat(watch.check().succeeded()).isTrue();
        assertThat(watch.check().succeeded()).isTrue();
    }

    @Test
    void anAbortedLaunchOrOneWithoutRoomIsNoFailure() {
        launch(Future.failedFuture("aborted"), Future.succeededFuture());
        assertThat(watch.check().succeeded()).isTrue();
        full = Optional.of("the disk is full");
        launch(Future.failedFuture("full"), Promise.<Void>promise().future());
        assertThat(watch.check().succeeded()).isTrue();
    }

    @Test
    void anAbortedLaunchOrOneWithoutRoomClearsNoFailure() {
        launch(Future.failedFuture("no"), Promise.<Void>promise().future());
        launch(Future.failedFuture("aborted"), Future.succeededFuture());
        attempts.add(Future.failedFuture("still no"));
        assertThat(watch.check().failed()).isTrue();
        full = Optional.of("the disk is full");
        launch(Future.failedFuture("full"), Promise.<Void>promise().future());
        assertThat(watch.check().failed()).isTrue();
    }
}
