package dev.berth.protocol;

/**
 * A JavaScript dialog that opened while an action ran, and how it was answered: by Berth, a client or a person.
 *
 * @param type {@code alert}, {@code confirm}, {@code prompt} or {@code beforeunload}
 * @param message the page's text, cut at {@value #MAX_CHARS} characters
 */
public record MetDialog(String type, String message, boolean accepted) {
    private static final int MAX_CHARS = 2_000;

    public MetDialog {
        message = Truncation.ellipsis(message, MAX_CHARS);
    }
}
