package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;

/** How this package fails. */
final class Failures {
    private Failures() {}

    static BerthException failed(String why) {
        return new BerthException(ErrorCode.ACTION_FAILED, why);
    }

    static BerthException timeout(String who, long millis) {
        return new BerthException(ErrorCode.TIMEOUT, who + " was not done within " + millis + " ms");
    }

    /** What Chrome refused, in its own words. */
    static <T> Future<T> told(Throwable e) {
        return Future.failedFuture(e instanceof BerthException ? e : failed(e.getMessage()));
    }
}
