package dev.berth.relay.command;

import java.nio.charset.StandardCharsets;

/** Recognises a number, {@code true}, {@code false} or {@code null} byte by byte. Allocates nothing. */
final class JsonScalar {
    private static final byte[][] WORDS = {
        "true".getBytes(StandardCharsets.US_ASCII),
        "false".getBytes(StandardCharsets.US_ASCII),
        "null".getBytes(StandardCharsets.US_ASCII)
    };

    private enum State {
        WORD,
        MINUS,
        ZERO,
        WHOLE,
        POINT,
        FRACTION,
        E,
        SIGN,
        EXPONENT
    }

    private final byte[] first = new byte[1];
    private State state;
    private byte[] word;
    private int wordAt;

    /** Whether a scalar may begin with this byte. */
    boolean begin(byte c) {
        first[0] = c;
        if (c == '-') {
            state = State.MINUS;
        } else if (isDigit(c)) {
            state = c == '0' ? State.ZERO : State.WHOLE;
        } else {
            return beginWord(c);
        }
        return true;
    }

    private boolean beginWord(byte c) {
        state = State.WORD;
        wordAt = 1;
        for (byte[] each : WORDS) {
            if (each[0] == c) {
                word = each;
                return true;
            }
        }
        return false;
    }

    /** Its first byte. */
    byte[] first() {
        return first;
    }

    boolean isNumber() {
        return state != State.WORD;
    }

    /** Takes the byte if the scalar goes on with it; else the scalar ended before it. */
    boolean takes(byte c) {
        if (state == State.WORD) {
            boolean fits = wordAt < word.length && word[wordAt] == c;
            wordAt += fits ? 1 : 0;
            return fits;
        }
        State next = isDigit(c) ? afterDigit(c) : after(c);
        if (next == null) {
            return false;
        }
        state = next;
        return true;
    }

    private State afterDigit(byte c) {
        return switch (state) {
            case MINUS -> c == '0' ? State.ZERO : State.WHOLE;
            case ZERO -> null;
            case POINT -> State.FRACTION;
            case E, SIGN -> State.EXPONENT;
            default -> state;
        };
    }

    private State after(byte c) {
        boolean whole = state == State.ZERO || state == State.WHOLE;
        return switch (c) {
            case '.' -> whole ? State.POINT : null;
            case 'e', 'E' -> whole || state == State.FRACTION ? State.E : null;
            case '+', '-' -> state == State.E ? State.SIGN : null;
            default -> null;
        };
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** Whether the scalar may end here. */
    boolean isWhole() {
        return switch (state) {
            case WORD -> wordAt == word.length;
            case ZERO, WHOLE, FRACTION, EXPONENT -> true;
            default -> false;
        };
    }
}
