package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;

/** How this package fails. */
final class Failures {
    private Failures() {}

    static BerthException failed(String why) {
        return new BerthException(ErrorCode.ACTION_FAILED, why);
    }

    static BerthException timeout(String who, long millis) {
        return new BerthException(ErrorCode.TIMEOUT, who + " was not done within " + millis + " ms");
    }
}
