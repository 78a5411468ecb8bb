package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;

/** The exceptions of browser commands. */
public final class Failures {
    /** The largest result that is read from a page at once: larger ones would take the memory of other sessions. */
    public static final int MAX_RESULT_BYTES = 32 << 20;

    private static final int MAX_SHOWN_CHARS = 100;

    public static final String GIVE_A_PART = "ask for a part of it";

    private Failures() {}

    public static BerthException failed(String why) {
        return new BerthException(ErrorCode.ACTION_FAILED, why);
    }

    /** @param hint what the client can do about it */
    public static BerthException failed(String why, String hint) {
        return new BerthException(ErrorCode.ACTION_FAILED, why, hint);
    }

    /** There is no open page at all. */
    public static BerthException noPage() {
        return failed("the browser has no page open");
    }

    /** There is no open page with this id. */
    public static BerthException noPage(String pageId) {
        return new BerthException(
                ErrorCode.NOT_FOUND,
                "the session has no open page '" + Truncation.ellipsis(pageId, MAX_SHOWN_CHARS) + "'",
                "GET …/pages lists the pages");
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

    /** For a large result that was refused only because too many others are being read. */
    public static BerthException noRoom() {
        return new BerthException(ErrorCode.NOT_READY, "too many large results are being read at once");
    }

    /** Maps a refusal by Chrome to {@code action_failed}, in plain words; passes on other failures. */
    public static <T> Future<T> told(Throwable e) {
        return Future.failedFuture(
                e instanceof BerthException ? e : failed(ChromeErrors.plain(String.valueOf(e.getMessage()))));
    }
}
