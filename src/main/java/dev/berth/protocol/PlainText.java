package dev.berth.protocol;

import java.util.regex.Pattern;

/**
 * Removes from a client's text what a terminal or a log would obey: escape sequences, such as those of colours, which test runners
 * write, control characters, and the marks that turn the direction of text.
 */
final class PlainText {
    /** CSI, then OSC up to its end, then any other two characters that begin with ESC. */
    private static final Pattern ESCAPES = Pattern.compile(
            "(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?|(?:\\x1b\\]|\\x9d)[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)?|\\x1b[@-_]?");

    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cc}\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff&&[^\\n\\t]]");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private PlainText() {}

    /** The text with its lines and tabs, at most {@code maxChars} characters and a mark of what is missing. */
    static String lines(String text, int maxChars) {
        // The examined part of the text is limited too, since a client chooses the text's length.
        String bounded = Truncation.cut(text, 8 * maxChars);
        String plain = CONTROLS.matcher(ESCAPES.matcher(bounded).replaceAll("")).replaceAll("");
        return Truncation.marked(plain, maxChars, text.length() - bounded.length());
    }

    /** The same on one line, with an ellipsis where it is cut. */
    static String line(String text, int maxChars) {
        String plain = SPACES.matcher(lines(text, 8 * maxChars)).replaceAll(" ").strip();
        return Truncation.ellipsis(plain, maxChars);
    }
}
