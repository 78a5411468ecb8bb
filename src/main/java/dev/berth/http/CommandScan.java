package dev.berth.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a client's message as its bytes come, in one pass and without a tree of it: whether it is one JSON object, and what its
 * keys on top say. Chrome must not read it in another way: what two parsers may take differently is a fault. Allocates nothing
 * while it reads.
 */
final class CommandScan {
    /** Chrome takes one more (crdtp/json.cc, kStackLimit). */
    static final int MAX_DEPTH = 300;

    private static final int MAX_ID_BYTES = 64;
    private static final int MAX_NAME_BYTES = 100;
    private static final byte[] ID = ascii("id");
    private static final byte[] METHOD = ascii("method");
    private static final byte[] PARAMS = ascii("params");
    private static final byte[] SESSION = ascii("sessionId");
    private static final byte[][] KEYS = {ID, METHOD, PARAMS, SESSION};
    private static final byte[] OTHER = {};

    // States; as numbers, which the simpler of Java's compilers makes more of than of an enum.
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
    private static final int HEX = 10;
    private static final int SCALAR = 11;

    private final boolean[] inObject = new boolean[MAX_DEPTH + 1];
    private final JsonScalar scalar = new JsonScalar();
    private final ShortText key = new ShortText(SESSION.length);
    private final ShortText id = new ShortText(MAX_ID_BYTES);
    private final ShortText method = new ShortText(MAX_NAME_BYTES);
    private final ShortText session = new ShortText(MAX_NAME_BYTES);
    private int state;
    private int depth;
    private int hexLeft;
    /** Whether the string that is read is a key. */
    private boolean naming;
    /** The key on top whose value is read. */
    private byte[] named;

    private boolean idEnded;
    private boolean sessionEnded;
    private int keysSeen;
    private boolean empty;
    private long read;
    private long behindBrace;
    private long inEmptySession;
    private String fault;

    CommandScan() {
        reset();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The first bytes of a text, and whether there were more. */
    private static final class ShortText {
        final byte[] bytes;
        int length;

        ShortText(int maxBytes) {
            bytes = new byte[maxBytes];
        }

        /** Whether it fits. */
        boolean add(byte[] from, int start, int end) {
            int count = end - start;
            if (count > bytes.length - length) {
                length = bytes.length + 1;
                return false;
            }
            System.arraycopy(from, start, bytes, length, count);
            length += count;
            return true;
        }

        boolean is(byte[] other) {
            return length <= bytes.length && Arrays.equals(bytes, 0, length, other, 0, other.length);
        }

        @Override
        public String toString() {
            return length > bytes.length ? "" : new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
    }

    /** For the next message. */
    void reset() {
        state = START;
        depth = 0;
        named = OTHER;
        keysSeen = 0;
        empty = true;
        read = 0;
        inEmptySession = -1;
        fault = null;
        idEnded = false;
        sessionEnded = false;
        id.length = 0;
        method.length = 0;
        session.length = 0;
    }

    /** Reads on. */
    void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && fault == null) {
            at = switch (state) {
                case STRING -> string(bytes, at, to);
                case SCALAR -> scalar(bytes, at, to);
                case ESCAPE, HEX -> escape(bytes, at);
                default -> token(bytes, at, read + at - from);
            };
        }
        read += to - from;
    }

    /** Why it is not to be passed on, as far as it was read; empty where it may be. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** The same, where no more comes. */
    Optional<String> faultAtEnd() {
        return fault == null && state != END ? Optional.of("the message is not one whole JSON object") : fault();
    }

    boolean isFaulty() {
        return fault != null;
    }

    /** Empty where it names none. */
    String method() {
        return method.toString();
    }

    /** The number as it was written; empty where there is none, or no end of it. */
    String id() {
        return idEnded ? id.toString() : "";
    }

    /** Empty where it is for no session, or its name has no end. */
    String session() {
        return sessionEnded ? session.toString() : "";
    }

    /** Where a session is to be put in: behind the brace, or between the quotes of one that is empty; -1 where one is named. */
    long sessionPlace() {
        return session.length > 0 ? -1 : inEmptySession >= 0 ? inEmptySession : behindBrace;
    }

    /** Whether there is an empty text where the session's id belongs. */
    boolean hasEmptySession() {
        return inEmptySession >= 0;
    }

    /** Whether it is an object without keys. */
    boolean isEmpty() {
        return empty;
    }

    // Structure

    private int token(byte[] bytes, int at, long offset) {
        byte c = bytes[at];
        switch (c) {
            case '"' -> quote(offset);
            case ',' -> go(state == AFTER_VALUE, inObject[depth] ? KEY : VALUE);
            case ':' -> go(state == COLON, VALUE);
            case ' ', '\n', '\r', '\t' -> {
                // Anywhere between tokens.
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
            fault("the message is not valid JSON");
        }
    }

    private void fault(String why) {
        fault = why;
    }

    private boolean awaitsValue() {
        return state == VALUE || state == FIRST_VALUE;
    }

    private void open(boolean object, long offset) {
        if (state == START && object) {
            behindBrace = offset + 1;
        } else if (!awaitsValue()) {
            fault(state == START ? "the message is not an object" : "the message is not valid JSON");
            return;
        } else if (depth == 1) {
            requireText();
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
            fault("the message is not valid JSON");
            return;
        }
        depth--;
        valueEnds();
    }

    private void valueEnds() {
        state = depth == 0 ? END : AFTER_VALUE;
    }

    /** Chrome takes nothing else for a method or a session. */
    private void requireText() {
        if (named == METHOD || named == SESSION) {
            fault(named == METHOD ? "the method is not a text" : "the sessionId is not a text");
        }
    }

    // Numbers and words

    private void begin(boolean scalarBegins) {
        if (!awaitsValue() || !scalarBegins) {
            fault(state == START ? "the message is not an object" : "the message is not valid JSON");
            return;
        }
        state = SCALAR;
        if (depth == 1) {
            requireText();
            if (named == ID && scalar.isNumber()) {
                id.add(scalar.first(), 0, 1);
            }
        }
    }

    private int scalar(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && scalar.takes(bytes[at])) {
            at++;
        }
        if (depth == 1 && named == ID && scalar.isNumber() && !id.add(bytes, from, at)) {
            fault("the id is too long");
        } else if (at < to) {
            go(scalar.isWhole(), AFTER_VALUE);
            idEnded = idEnded || depth == 1 && named == ID && scalar.isWhole();
        }
        return at;
    }

    // Strings

    private void quote(long offset) {
        naming = state == KEY || state == FIRST_KEY;
        if (!naming && !awaitsValue()) {
            fault(state == START ? "the message is not an object" : "the message is not valid JSON");
            return;
        }
        state = STRING;
        key.length = 0;
        if (!naming && depth == 1 && named == SESSION) {
            inEmptySession = offset + 1;
        }
    }

    private int string(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isPlain(bytes[at])) {
            at++;
        }
        if (depth == 1 && at > from) {
            keep(bytes, from, at);
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

    private void keep(byte[] bytes, int from, int end) {
        if (naming) {
            key.add(bytes, from, end);
        } else if (named == METHOD && !method.add(bytes, from, end)) {
            fault("the method's name is too long");
        } else if (named == SESSION && !session.add(bytes, from, end)) {
            fault("the sessionId is too long");
        }
    }

    private void stringEnds() {
        if (!naming) {
            if (depth == 1 && named == SESSION) {
                sessionEnded = true;
                inEmptySession = session.length == 0 ? inEmptySession : -1;
            }
            valueEnds();
            return;
        }
        state = COLON;
        if (depth == 1) {
            keyEnds();
        }
    }

    private void keyEnds() {
        empty = false;
        named = OTHER;
        for (int i = 0; i < KEYS.length; i++) {
            if (key.is(KEYS[i])) {
                named = KEYS[i];
                if ((keysSeen & 1 << i) != 0) {
                    fault("a key is there twice");
                }
                keysSeen |= 1 << i;
            }
        }
    }

    /** No client has to write one where Chrome and we must understand the same. */
    private void escapeBegins() {
        if (depth == 1 && (naming || named == METHOD || named == SESSION)) {
            fault("keys, method and sessionId must be written without escapes");
        }
        state = ESCAPE;
    }

    private int escape(byte[] bytes, int at) {
        if (state == ESCAPE) {
            escaped(bytes[at]);
        } else {
            hex(bytes[at]);
        }
        return at + 1;
    }

    private void escaped(byte c) {
        switch (c) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> state = STRING;
            case 'u' -> {
                state = HEX;
                hexLeft = 4;
            }
            default -> fault("JSON has no such escape");
        }
    }

    private void hex(byte c) {
        if (Character.digit(c, 16) < 0) {
            fault("JSON has no such escape");
        } else if (--hexLeft == 0) {
            state = STRING;
        }
    }
}
