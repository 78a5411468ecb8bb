package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;

/** How this package fails. */
final class Failures {
    /** Of what is read from a page at once: larger results would take the memory of others. */
    static final int MAX_RESULT_BYTES = 32 << 20;

    private Failures() {}

    static BerthException failed(String why) {
        return new BerthException(ErrorCode.ACTION_FAILED, why);
    }

    static BerthException timeout(String who, long millis) {
        return new BerthException(ErrorCode.TIMEOUT, who + " was not done within " + millis + " ms");
    }

    static BerthException tooLarge(String what, long size) {
        return tooLarge(what, size, MAX_RESULT_BYTES);
    }

    static BerthException tooLarge(String what, long size, int maxBytes) {
        return failed(what + " has " + size + " bytes; at most " + maxBytes + " are given at once");
    }

    /** It would have been given at another time. */
    static BerthException noRoom() {
        return new BerthException(ErrorCode.NOT_READY, "too many large results are being read at once");
    }

    /** What Chrome refused, in its own words. */
    static <T> Future<T> told(Throwable e) {
        return Future.failedFuture(e instanceof BerthException ? e : failed(e.getMessage()));
    }
}
