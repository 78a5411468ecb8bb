package dev.berth.history;

import dev.berth.protocol.Truncation;

/** Makes text from a page fit for Postgres. */
final class SqlText {
    private static final int MAX_CHARS = 16_384;

    private SqlText() {}

    /** Postgres's {@code text} can't contain NUL, and no page needs a longer title or URL. */
    static String clean(String text) {
        String noNul = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
        return Truncation.cut(noNul, MAX_CHARS);
    }
}
