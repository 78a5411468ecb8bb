package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.ChromeVersion;
import dev.berth.metrics.NodeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeBrowsersTest {
    private final Deque<Future<BrowserLauncher.Launched>> launches = new ArrayDeque<>();
    private final Deque<Future<?>> attempts = new ArrayDeque<>();
    private Optional<String> full = Optional.empty();
    private final BrowserLauncher pool = new BrowserLauncher() {
        @Override
        public Future<Launched> launch(Optional<WarmBrowser> warm, LaunchSpec spec) {
            return launches.remove();
        }

        @Override
        public Optional<String> full() {
            return full;
        }
    };
    private final NodeBrowsers browsers = new NodeBrowsers(
            null, null, pool, attempts::remove, new NodeMetrics().sessions(), ChromeVersion.of(new JsonObject()));

    private void launch(Future<BrowserLauncher.Launched> outcome, Future<Void> abort) {
        launches.add(outcome);
        browsers.launch(
                Optional.empty(),
                new BrowserLauncher.LaunchSpec(null, Optional.empty(), List.of(), Optional.empty(), null, abort));
    }

    private void launch(Future<BrowserLauncher.Launched> outcome) {
        launch(outcome, Promise.<Void>promise().future());
    }

    @Test
    void aFailureCountsUntilABrowserStarts() {
        assertThat(browsers.check().succeeded()).isTrue();
        launch(Future.failedFuture("no"));
        attempts.add(Future.failedFuture("still no"));
        assertThat(browsers.check().failed()).isTrue();
        // A second check right after does not try again.
        assertThat(browsers.check().failed()).isTrue();
        launch(Future.succeededFuture());
        assertThat(browsers.check().succeeded()).isTrue();
    }

    @Test
    void aSuccessfulTryClearsTheFailure() {
        launch(Future.failedFuture("no"));
        attempts.add(Future.succeededFuture());
        assertThat(browsers.check().succeeded()).isTrue();
        assertThat(browsers.check().succeeded()).isTrue();
    }

    @Test
    void anAbortedLaunchOrOneWithoutRoomIsNoFailure() {
        launch(Future.failedFuture("aborted"), Future.succeededFuture());
        assertThat(browsers.check().succeeded()).isTrue();
        full = Optional.of("the disk is full");
        launch(Future.failedFuture("full"));
        assertThat(browsers.check().succeeded()).isTrue();
    }

    @Test
    void anAbortedLaunchOrOneWithoutRoomClearsNoFailure() {
        launch(Future.failedFuture("no"));
        launch(Future.failedFuture("aborted"), Future.succeededFuture());
        attempts.add(Future.failedFuture("still no"));
        assertThat(browsers.check().failed()).isTrue();
        full = Optional.of("the disk is full");
        launch(Future.failedFuture("full"));
        assertThat(browsers.check().failed()).isTrue();
    }

    @Test
    void aChromeWithoutSandboxIsExplainedAndOtherFailuresKeepTheirWords() {
        assertThat(NodeBrowsers.explain("Chrome exited with code 1. Its output: No usable sandbox! If this is a …"))
                .startsWith("Chrome's sandbox needs user namespaces")
                .contains("docker/seccomp.json", "apparmor", "BERTH_CHROME_SANDBOX")
                .doesNotContain("\n");
        assertThat(NodeBrowsers.explain("Chrome exited with code 7")).isEqualTo("Chrome exited with code 7");
    }
}
