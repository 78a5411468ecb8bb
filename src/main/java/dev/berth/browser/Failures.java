package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;
import java.util.Map;

/** The exceptions of browser commands. */
public final class Failures {
    /** The largest result that is read from a page at once: larger ones would take the memory of other sessions. */
    public static final int MAX_RESULT_BYTES = 32 << 20;

    private static final int MAX_SHOWN_CHARS = 100;

    public static final String GIVE_A_PART = "request a part of it";

    private static final String GONE = "the page navigated away in the meantime";

    /** Chrome's messages for users of verbs, who know nothing of CDP commands, by how they begin. */
    private static final Map<String, String> PLAIN = Map.of(
            "Cannot navigate to invalid URL",
            "the URL is not valid",
            "Not attached to an active page",
            GONE,
            "Inspected target navigated or closed",
            GONE,
            "Session with given id not found",
            GONE,
            "Cannot find context with specified id",
            GONE,
            "Execution context was destroyed",
            GONE,
            "Could not find node with given id",
            "the element was removed in the meantime",
            "No node with given id found",
            "the element was removed in the meantime",
            "Could not compute content quads",
            "the element is not rendered",
            "Internal error",
            "Chrome could not do it");

    private Failures() {}

    public static BerthException failed(String why) {
        return new BerthException(ErrorCode.ACTION_FAILED, why);
    }

    /** @param hint advice for the client */
    public static BerthException failed(String why, String hint) {
        return new BerthException(ErrorCode.ACTION_FAILED, why, hint);
    }

    /** The renderer of the page is gone. It can give no picture either. */
    public static BerthException crashed() {
        return failed(
                "the page crashed; reload it, or navigate",
                "POST …/reload or …/navigate makes it usable again; GET …/console shows what it logged before");
    }

    /** The browser has no open page. */
    public static BerthException noPage() {
        return failed("the browser has no page open");
    }

    /** The browser has no open page with this id. */
    public static BerthException noPage(String pageId) {
        return new BerthException(
                ErrorCode.NOT_FOUND,
                "the session has no open page '" + Truncation.ellipsis(pageId, MAX_SHOWN_CHARS) + "'",
                "GET …/pages lists the pages");
    }

    public static BerthException timeout(String who, long millis) {
        return new BerthException(ErrorCode.TIMEOUT, who + " did not finish within " + millis + " ms");
    }

    public static BerthException tooLarge(String what, long size) {
        return tooLarge(what, size, MAX_RESULT_BYTES);
    }

    public static BerthException tooLarge(String what, long size, int maxBytes) {
        return failed(what + " has " + size + " bytes; at most " + maxBytes + " can be returned at once", GIVE_A_PART);
    }

    /** For a large result that was refused only because too many others are being read. */
    public static BerthException noRoom() {
        return new BerthException(ErrorCode.NOT_READY, "too many large results are being read at once");
    }

    /** Maps a refusal by Chrome to {@code action_failed}, in plain words; passes on other failures. */
    public static <T> Future<T> told(Throwable e) {
        return Future.failedFuture(e instanceof BerthException ? e : failed(plain(String.valueOf(e.getMessage()))));
    }

    /** Chrome's message in plain words; the same where it has none. */
    public static String plain(String message) {
        return PLAIN.entrySet().stream()
                .filter(entry -> message.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(message);
    }
}
