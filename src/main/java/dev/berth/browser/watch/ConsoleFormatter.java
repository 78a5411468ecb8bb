package dev.berth.browser.watch;

import dev.berth.browser.cdp.CdpConnection.OversizedEvent;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleLevel;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** Turns CDP's console events into entries as DevTools shows them. Pure. */
public final class ConsoleFormatter {
    private ConsoleFormatter() {}

    /** {@code Runtime.consoleAPICalled}. */
    static ConsoleEntry consoleCall(JsonObject event) {
        String type = event.getString("type");
        RemoteValues values = new RemoteValues();
        String message = values.format(event.getJsonArray("args", new JsonArray()));
        return new ConsoleEntry(
                callLevel(type),
                cut(type.equals("assert") ? assertion(message) : message, values),
                instant(event.getDouble("timestamp")),
                topFrame(event.getJsonObject("stackTrace")).flatMap(frame -> notEmpty(frame.getString("url"))),
                topFrame(event.getJsonObject("stackTrace")).map(frame -> frame.getInteger("lineNumber") + 1),
                "console-api");
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
    static ConsoleEntry exception(JsonObject event) {
        JsonObject details = event.getJsonObject("exceptionDetails");
        Optional<JsonObject> frame = topFrame(details.getJsonObject("stackTrace"));
        RemoteValues values = new RemoteValues();
        return new ConsoleEntry(
                ConsoleLevel.ERROR,
                cut(exceptionText(details, values), values),
                instant(event.getDouble("timestamp")),
                notEmpty(details.getString("url")).or(() -> frame.flatMap(f -> notEmpty(f.getString("url")))),
                Optional.of(details.getInteger("lineNumber") + 1),
                "exception");
    }

    /** {@code Uncaught Error: boom} and its stack, as far as Chrome tells. */
    private static String exceptionText(JsonObject details, RemoteValues values) {
        String text = details.getString("text", "");
        JsonObject thrown = details.getJsonObject("exception");
        if (thrown == null) {
            return values.read(details, "text");
        }
        boolean error = "error".equals(thrown.getString("subtype"));
        String value = error ? values.read(thrown, "description") : values.text(thrown);
        return text.isEmpty() || value.startsWith(text) ? value : values.read(details, "text") + " " + value;
    }

    /** {@code Log.entryAdded}. */
    static ConsoleEntry logEntry(JsonObject event) {
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

    /** In place of an event. */
    static ConsoleEntry missed(OversizedEvent event) {
        return ofBerth("an event " + event.method() + " of " + event.bytes() + " bytes was too large to be kept");
    }

    /** In place of all events that a connection dropped. */
    static ConsoleEntry dropped(int entries) {
        return ofBerth(entries + " events of the console and the network came faster than they could be kept");
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
