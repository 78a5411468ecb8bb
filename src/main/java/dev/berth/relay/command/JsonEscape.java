package dev.berth.relay.command;

/** An escape in a JSON text, from behind its backslash: one letter, or {@code u} and four hex digits. Pure. */
final class JsonEscape {
    private static final int DIGITS = 4;

    /** Digits to come; -1 before the letter. */
    private int left;

    void begin() {
        left = -1;
    }

    /** Whether it may go on with this byte; then it takes it. */
    boolean takes(byte c) {
        if (left >= 0) {
            left--;
            return Character.digit(c, 16) >= 0;
        }
        left = c == 'u' ? DIGITS : 0;
        return switch (c) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u' -> true;
            default -> false;
        };
    }

    /** Whether it is at its end. */
    boolean isWhole() {
        return left == 0;
    }
}
