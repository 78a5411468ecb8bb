package dev.berth.browser.watch.console;

import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The frames of a call stack as {@code function (url:line:column)}, the innermost first. Pure. */
public final class CallStack {
    /** Limit for a stack's frames; Chrome is asked for as many. */
    public static final int MAX_FRAMES = 10;

    private static final int MAX_FRAME_CHARS = 500;
    private static final String ANONYMOUS = "(anonymous)";
    private static final String AT = "    at ";

    private CallStack() {}

    /** The call stack of CDP's {@code Runtime.StackTrace}, which may be absent. */
    static List<String> of(JsonObject stackTrace) {
        JsonArray frames = stackTrace == null ? new JsonArray() : stackTrace.getJsonArray("callFrames");
        return frames.stream()
                .limit(MAX_FRAMES)
                .map(JsonObject.class::cast)
                .map(frame -> frame(
                        frame.getString("functionName"),
                        frame.getString("url") + ":" + (frame.getInteger("lineNumber") + 1) + ":"
                                + (frame.getInteger("columnNumber", 0) + 1)))
                .toList();
    }

    /** The call stack that an error noted when it was made; the page may have changed it. */
    static List<String> ofError(String description) {
        return description
                .lines()
                .filter(line -> line.startsWith(AT))
                .limit(MAX_FRAMES)
                .map(line -> ofLine(line.substring(AT.length())))
                .toList();
    }

    /** {@code f (url:1:2)} or {@code url:1:2}. */
    private static String ofLine(String line) {
        int place = line.endsWith(")") ? line.lastIndexOf(" (") : -1;
        return place < 0 ? frame("", line) : Truncation.ellipsis(line, MAX_FRAME_CHARS);
    }

    private static String frame(String function, String place) {
        String name = function.isEmpty() ? ANONYMOUS : function;
        return Truncation.ellipsis(name + " (" + place + ")", MAX_FRAME_CHARS);
    }
}
