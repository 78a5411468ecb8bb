package dev.berth.relay.command;

/** An escape in a JSON string, after its backslash: one letter, or {@code u} and four hex digits. Pure. */
final class JsonEscape {
    private static final int DIGITS = 4;

    /** Hex digits still to come; -1 before the letter. */
    private int left;

    void begin() {
        left = -1;
    }

    /** Takes the byte if the escape may go on with it. */
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

    /** Whether the escape is complete. */
    boolean isWhole() {
        return left == 0;
    }
}
