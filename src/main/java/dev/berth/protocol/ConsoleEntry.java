package dev.berth.protocol;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of the browser's console.
 *
 * @param level how grave
 * @param message formatted as DevTools shows it; cut at {@value #MAX_MESSAGE_CHARS} characters
 * @param url the script or resource that it comes from
 * @param line 1 for the first
 * @param source {@code console-api}, {@code exception}, the browser's own ({@code network}, {@code security}, ...),
 *     or {@code berth} for what Berth itself has to say of the log or its page
 */
public record ConsoleEntry(
        ConsoleLevel level,
        String message,
        Instant timestamp,
        Optional<String> url,
        Optional<Integer> line,
        String source) {
    /** Longer messages are cut, and say so at their end. */
    public static final int MAX_MESSAGE_CHARS = 16_384;

    public ConsoleEntry {
        message = UrlCredentials.redact(message);
        url = url.map(UrlCredentials::redact);
    }
}
