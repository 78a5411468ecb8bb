package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;

/** How this package fails. */
public final class Failures {
    /** Of what is read from a page at once: larger results would take the memory of others. */
    public static final int MAX_RESULT_BYTES = 32 << 20;

    public static final String GIVE_A_PART = "ask for a part of it";

    private Failures() {}

    public static BerthException failed(String why) {
        return new BerthException(ErrorCode.ACTION_FAILED, why);
    }

    /** @param hint what to do about it */
    public static BerthException failed(String why, String hint) {
        return new BerthException(ErrorCode.ACTION_FAILED, why, hint);
    }

    public static BerthException timeout(String who, long millis) {
        return new BerthException(ErrorCode.TIMEOUT, who + " was not done within " + millis + " ms");
    }

    public static BerthException tooLarge(String what, long size) {
        return tooLarge(what, size, MAX_RESULT_BYTES);
    }

    public static BerthException tooLarge(String what, long size, int maxBytes) {
        return failed(what + " has " + size + " bytes; at most " + maxBytes + " are given at once", GIVE_A_PART);
    }

    /** It would have been given at another time. */
    public static BerthException noRoom() {
        return new BerthException(ErrorCode.NOT_READY, "too many large results are being read at once");
    }

    /** What Chrome refused. */
    public static <T> Future<T> told(Throwable e) {
        return Future.failedFuture(
                e instanceof BerthException ? e : failed(Refusals.plainly(String.valueOf(e.getMessage()))));
    }
}
