package dev.berth.relay.command;

import java.util.Optional;

/**
 * A strict reader of one JSON object as its bytes arrive. Reports the keys and values of the object itself, not those nested in
 * it. Allocates nothing.
 */
abstract class JsonScan {
    /** Chrome allows one more (crdtp/json.cc, kStackLimit). */
    static final int MAX_DEPTH = 300;

    private static final String NO_JSON = "the message is not valid JSON";

    // States, as ints: Java's simpler compiler makes faster code of them than of an enum.
    private static final int START = 0;
    private static final int FIRST_KEY = 1;
    private static final int KEY = 2;
    private static final int COLON = 3;
    private static final int FIRST_VALUE = 4;
    private static final int VALUE = 5;
    private static final int AFTER_VALUE = 6;
    private static final int END = 7;
    private static final int STRING = 8;
    private static final int ESCAPE = 9;
    private static final int SCALAR = 10;

    private final boolean[] inObject = new boolean[MAX_DEPTH + 1];
    private final JsonScalar scalar = new JsonScalar();
    private final JsonEscape escape = new JsonEscape();
    private int state;
    private int depth;
    /** Whether the current string is a key. */
    private boolean naming;

    private long read;
    private String fault;

    // Callbacks

    /** The object begins before {@code offset}. */
    abstract void opened(long offset);

    /** A value begins before {@code offset}: a text, a number, or neither. */
    abstract void valueBegins(boolean text, boolean number, long offset);

    /** More bytes of a key, a text or a number. */
    abstract void part(boolean key, byte[] bytes, int from, int to);

    /** A key or text contains an escape. */
    abstract void escapes(boolean key);

    /** A key, a text or a number has ended. */
    abstract void ends(boolean key);

    /** Starts the next object. */
    void reset() {
        state = START;
        depth = 0;
        read = 0;
        fault = null;
    }

    /** Reads more bytes. */
    final void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && fault == null) {
            at = switch (state) {
                case STRING -> string(bytes, at, to);
                case SCALAR -> scalar(bytes, at, to);
                case ESCAPE -> escape(bytes, at);
                default -> token(bytes, at, read + at - from);
            };
        }
        read += to - from;
    }

    /** Why the input is not one valid object; empty where it is, and is complete. */
    public final Optional<String> faultAtEnd() {
        return fault == null && state != END
                ? Optional.of("the message is not one whole JSON object")
                : Optional.ofNullable(fault);
    }

    final boolean isFaulty() {
        return fault != null;
    }

    private int token(byte[] bytes, int at, long offset) {
        byte c = bytes[at];
        switch (c) {
            case '"' -> quote(offset);
            case ',' -> go(state == AFTER_VALUE, inObject[depth] ? KEY : VALUE);
            case ':' -> go(state == COLON, VALUE);
            case ' ', '\n', '\r', '\t' -> {
                // White space is allowed between all tokens.
            }
            case '{' -> open(true, offset);
            case '[' -> open(false, offset);
            case '}' -> close(true);
            case ']' -> close(false);
            default -> begin(scalar.begin(c));
        }
        return at + 1;
    }

    private void go(boolean allowed, int next) {
        if (allowed) {
            state = next;
        } else {
            fault(NO_JSON);
        }
    }

    final void fault(String why) {
        fault = why;
    }

    private boolean awaitsValue() {
        return state == VALUE || state == FIRST_VALUE;
    }

    private void open(boolean object, long offset) {
        if (state == START && object) {
            opened(offset + 1);
        } else if (!awaitsValue()) {
            fault(state == START ? "the message is not an object" : NO_JSON);
            return;
        } else if (depth == 1) {
            valueBegins(false, false, 0);
        }
        if (depth == MAX_DEPTH) {
            fault("the message is nested too deeply");
            return;
        }
        inObject[++depth] = object;
        state = object ? FIRST_KEY : FIRST_VALUE;
    }

    private void close(boolean object) {
        boolean allowed = state == AFTER_VALUE || state == (object ? FIRST_KEY : FIRST_VALUE);
        if (depth == 0 || inObject[depth] != object || !allowed) {
            fault(NO_JSON);
            return;
        }
        depth--;
        valueEnds();
    }

    private void valueEnds() {
        state = depth == 0 ? END : AFTER_VALUE;
    }

    // Numbers and words

    private void begin(boolean scalarBegins) {
        if (!awaitsValue() || !scalarBegins) {
            fault(state == START ? "the message is not an object" : NO_JSON);
            return;
        }
        state = SCALAR;
        if (depth == 1) {
            valueBegins(false, scalar.isNumber(), 0);
            part(false, scalar.first(), 0, 1);
        }
    }

    private int scalar(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && scalar.takes(bytes[at])) {
            at++;
        }
        if (depth == 1) {
            part(false, bytes, from, at);
        }
        if (at < to && fault == null) {
            go(scalar.isWhole(), AFTER_VALUE);
            if (depth == 1 && fault == null) {
                ends(false);
            }
        }
        return at;
    }

    // Strings

    private void quote(long offset) {
        naming = state == KEY || state == FIRST_KEY;
        if (!naming && !awaitsValue()) {
            fault(state == START ? "the message is not an object" : NO_JSON);
            return;
        }
        state = STRING;
        if (!naming && depth == 1) {
            valueBegins(true, false, offset + 1);
        }
    }

    private int string(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isPlain(bytes[at])) {
            at++;
        }
        if (depth == 1 && at > from) {
            part(naming, bytes, from, at);
        }
        if (at == to) {
            return at;
        }
        switch (bytes[at]) {
            case '"' -> stringEnds();
            case '\\' -> escapeBegins();
            default -> fault("JSON has no control characters in texts");
        }
        return at + 1;
    }

    private static boolean isPlain(byte c) {
        return c != '"' && c != '\\' && (c & 0xe0) != 0;
    }

    private void stringEnds() {
        if (naming) {
            state = COLON;
        } else {
            valueEnds();
        }
        if (depth == 1) {
            ends(naming);
        }
    }

    private void escapeBegins() {
        state = ESCAPE;
        escape.begin();
        if (depth == 1) {
            escapes(naming);
        }
    }

    private int escape(byte[] bytes, int at) {
        if (!escape.takes(bytes[at])) {
            fault("JSON has no such escape");
        } else if (escape.isWhole()) {
            state = STRING;
        }
        return at + 1;
    }
}
