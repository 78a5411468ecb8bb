package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of the browser's console.
 *
 * @param level its severity
 * @param message formatted as DevTools shows it; cut at {@value #MAX_MESSAGE_CHARS} characters
 * @param url the script or resource that it comes from
 * @param line from 1
 * @param source {@code console-api}, {@code exception}, a source of the browser ({@code network}, {@code security}, ...), or
 * {@code berth} for messages of Berth about the log or the page
 * @param group in how many groups of {@code console.group} it is; the line that begins one is outside of it
 * @param stack the call stack of an error, a warning, an assertion or a trace: {@code function (url:line:column)}, innermost first
 * @param pageId the page that it comes from, also through an iframe or a worker; empty where it is not known
 */
public record ConsoleEntry(
        ConsoleLevel level,
        String message,
        Instant timestamp,
        Optional<String> url,
        Optional<Integer> line,
        String source,
        int group,
        List<String> stack,
        Optional<String> pageId) {
    /** Longer messages are cut, and end with a note that says so. */
    public static final int MAX_MESSAGE_CHARS = 16_384;

    public ConsoleEntry {
        message = UrlCredentials.redact(message);
        url = url.map(UrlCredentials::redact);
        // Absent in entries of earlier versions.
        stack = stack == null
                ? List.of()
                : stack.stream().map(UrlCredentials::redact).toList();
    }

    /** A line outside of all groups, without a stack, of no known page. */
    public ConsoleEntry(
            ConsoleLevel level,
            String message,
            Instant timestamp,
            Optional<String> url,
            Optional<Integer> line,
            String source) {
        this(level, message, timestamp, url, line, source, 0, List.of());
    }

    /** A line of no known page. */
    public ConsoleEntry(
            ConsoleLevel level,
            String message,
            Instant timestamp,
            Optional<String> url,
            Optional<Integer> line,
            String source,
            int group,
            List<String> stack) {
        this(level, message, timestamp, url, line, source, group, stack, Optional.empty());
    }

    /** The same line, in {@code depth} groups. */
    public ConsoleEntry in(int depth) {
        return depth == group
                ? this
                : new ConsoleEntry(level, message, timestamp, url, line, source, depth, stack, pageId);
    }

    /** The same line, of a page. */
    public ConsoleEntry on(Optional<String> page) {
        return new ConsoleEntry(level, message, timestamp, url, line, source, group, stack, page);
    }

    /** The severity of a console line. A severity that only a newer version knows is read as {@link #LOG}. */
    public enum ConsoleLevel {
        DEBUG,
        @JsonEnumDefaultValue
        LOG,
        INFO,
        WARN,
        ERROR;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
