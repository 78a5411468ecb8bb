package dev.berth.browser.launch;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What users are told of a launch that failed: Berth's own words, as the words of other programs may name paths of this machine. */
final class LaunchFailure {
    private static final Logger log = LoggerFactory.getLogger(LaunchFailure.class);

    private LaunchFailure() {}

    static <T> Future<T> explain(Throwable e) {
        if (e instanceof LaunchException) {
            return Future.failedFuture(e);
        } else if (e instanceof BerthException) {
            return Future.failedFuture(new LaunchException("Chrome did not come up: " + e.getMessage(), e));
        }
        log.warn("Chrome did not come up: {}", e.toString());
        return Future.failedFuture(new LaunchException("Chrome did not come up; the server's log tells why", e));
    }
}
