package dev.berth.protocol;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of the browser's console.
 *
 * @param level its severity
 * @param message formatted as DevTools shows it; cut at {@value #MAX_MESSAGE_CHARS} characters
 * @param url the script or resource that it comes from
 * @param line from 1
 * @param source {@code console-api}, {@code exception}, a source of the browser ({@code network}, {@code security}, ...), or
 * {@code berth} for messages of Berth about the log or the page
 */
public record ConsoleEntry(
        ConsoleLevel level,
        String message,
        Instant timestamp,
        Optional<String> url,
        Optional<Integer> line,
        String source) {
    /** Longer messages are cut, and end with a note that says so. */
    public static final int MAX_MESSAGE_CHARS = 16_384;

    public ConsoleEntry {
        message = UrlCredentials.redact(message);
        url = url.map(UrlCredentials::redact);
    }
}
