package dev.berth.browser.watch.console;

import dev.berth.browser.cdp.CdpConnection.OversizedEvent;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns CDP's console events into entries as DevTools shows them. Pure. */
public final class ConsoleFormatter {
    private static final int MAX_SHOWN_CHARS = 500;

    /** The calls whose stack DevTools shows. */
    private static final Set<String> SHOW_STACK = Set.of("error", "warning", "assert", "trace");

    private ConsoleFormatter() {}

    /** {@code Runtime.consoleAPICalled}. */
    static ConsoleEntry consoleCall(JsonObject event) {
        String type = event.getString("type");
        RemoteValues values = new RemoteValues();
        String message = message(type, event.getJsonArray("args", new JsonArray()), values);
        return new ConsoleEntry(
                callLevel(type),
                cut(message, values),
                instant(event.getDouble("timestamp")),
                topFrame(event.getJsonObject("stackTrace")).flatMap(frame -> notEmpty(frame.getString("url"))),
                topFrame(event.getJsonObject("stackTrace")).map(frame -> frame.getInteger("lineNumber") + 1),
                "console-api",
                0,
                SHOW_STACK.contains(type) ? CallStack.of(event.getJsonObject("stackTrace")) : List.of());
    }

    private static String message(String type, JsonArray arguments, RemoteValues values) {
        return switch (type) {
            case "table" -> ConsoleTable.draw(arguments, values).orElseGet(() -> values.format(arguments));
            case "assert" -> assertion(values.format(arguments));
            case "clear" -> "Console was cleared";
            default -> values.format(arguments);
        };
    }

    private static String assertion(String message) {
        return message.isEmpty() ? "Assertion failed" : "Assertion failed: " + message;
    }

    private static ConsoleLevel callLevel(String type) {
        return switch (type) {
            case "debug" -> ConsoleLevel.DEBUG;
            case "info" -> ConsoleLevel.INFO;
            case "warning" -> ConsoleLevel.WARN;
            case "error", "assert" -> ConsoleLevel.ERROR;
            default -> ConsoleLevel.LOG;
        };
    }

    /** {@code Runtime.exceptionThrown}. */
    public static ConsoleEntry exception(JsonObject event) {
        JsonObject details = event.getJsonObject("exceptionDetails");
        Optional<JsonObject> frame = topFrame(details.getJsonObject("stackTrace"));
        RemoteValues values = new RemoteValues();
        return new ConsoleEntry(
                ConsoleLevel.ERROR,
                cut(exceptionText(details, values), values),
                instant(event.getDouble("timestamp")),
                notEmpty(details.getString("url")).or(() -> frame.flatMap(f -> notEmpty(f.getString("url")))),
                Optional.of(details.getInteger("lineNumber") + 1),
                "exception",
                0,
                stack(details));
    }

    /** An error knows more of its stack than Chrome was asked to tell of exceptions. */
    private static List<String> stack(JsonObject details) {
        JsonObject thrown = details.getJsonObject("exception", new JsonObject());
        List<String> ofError = CallStack.ofError(isError(thrown) ? thrown.getString("description", "") : "");
        return ofError.isEmpty() ? CallStack.of(details.getJsonObject("stackTrace")) : ofError;
    }

    private static boolean isError(JsonObject thrown) {
        return "error".equals(thrown.getString("subtype"));
    }

    /** {@code Uncaught Error: boom} and its stack, as far as Chrome tells. */
    private static String exceptionText(JsonObject details, RemoteValues values) {
        String text = details.getString("text", "");
        JsonObject thrown = details.getJsonObject("exception");
        if (thrown == null) {
            return values.read(details, "text");
        }
        String value = isError(thrown) ? values.error(thrown) : values.text(thrown);
        return text.isEmpty() || value.startsWith(text) ? value : values.read(details, "text") + " " + value;
    }

    /** {@code Log.entryAdded}. */
    public static ConsoleEntry logEntry(JsonObject event) {
        JsonObject entry = event.getJsonObject("entry");
        RemoteValues values = new RemoteValues();
        return new ConsoleEntry(
                logLevel(entry.getString("level")),
                cut(values.read(entry, "text"), values),
                instant(entry.getDouble("timestamp")),
                notEmpty(entry.getString("url")),
                Optional.ofNullable(entry.getInteger("lineNumber")).map(line -> line + 1),
                entry.getString("source"));
    }

    /** A warning by Berth itself, among the page's entries. */
    public static ConsoleEntry ofBerth(String message) {
        return new ConsoleEntry(ConsoleLevel.WARN, message, Instant.now(), Optional.empty(), Optional.empty(), "berth");
    }

    /** The line in place of an event that was too large. */
    public static ConsoleEntry missed(OversizedEvent event) {
        return ofBerth("an event " + event.method() + " of " + event.bytes() + " bytes was too large to be kept");
    }

    /** The line in place of all events that a connection dropped. */
    public static ConsoleEntry dropped(int entries) {
        return ofBerth(entries + " events of the console and the network came faster than they could be kept");
    }

    /** For a navigation that its session may not make. */
    public static ConsoleEntry stopped(String url, String allowed) {
        return ofBerth("a navigation to " + Truncation.ellipsis(url, MAX_SHOWN_CHARS)
                + " was stopped: an AI task limits this session to " + Truncation.ellipsis(allowed, MAX_SHOWN_CHARS));
    }

    private static ConsoleLevel logLevel(String level) {
        return switch (level) {
            case "verbose" -> ConsoleLevel.DEBUG;
            case "warning" -> ConsoleLevel.WARN;
            case "error" -> ConsoleLevel.ERROR;
            default -> ConsoleLevel.INFO;
        };
    }

    private static Optional<JsonObject> topFrame(JsonObject stackTrace) {
        JsonArray frames = stackTrace == null ? new JsonArray() : stackTrace.getJsonArray("callFrames");
        return frames.isEmpty() ? Optional.empty() : Optional.of(frames.getJsonObject(0));
    }

    private static Optional<String> notEmpty(String text) {
        return Optional.ofNullable(text).filter(t -> !t.isEmpty());
    }

    private static String cut(String message, RemoteValues values) {
        return Truncation.marked(message, ConsoleEntry.MAX_MESSAGE_CHARS, values.hiddenChars());
    }

    static Instant instant(double epochMillis) {
        return Instant.ofEpochMilli((long) epochMillis);
    }
}
