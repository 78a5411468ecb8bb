package dev.berth.http;

import java.nio.charset.StandardCharsets;

/**
 * Finds out whether a client's message names a session, without a tree of it. Where it is written in an unusual way (escapes,
 * comments) it is taken to name none: Chrome refuses a message that then has two.
 */
final class CdpSessionId {
    private static final byte[] NAME = "\"sessionId\"".getBytes(StandardCharsets.US_ASCII);

    static final int NONE = -1;

    private CdpSessionId() {}

    /**
     * Where a session is to be put in: behind the brace of an object that names none, or between the quotes of one that names
     * an empty one; {@link #NONE} where nothing is to be put in.
     */
    static int place(byte[] message, int length) {
        int start = CdpScan.skipBlanks(message, 0, length);
        if (start == length || message[start] != '{') {
            return NONE;
        }
        int depth = 0;
        for (int at = start; at < length; at++) {
            switch (message[at]) {
                case '/' -> {
                    return start + 1;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '"' -> {
                    int value = depth == 1 ? value(message, at, length) : NONE;
                    if (value >= 0 && message[value] == '"') {
                        return isEmptyText(message, value, length) ? value + 1 : NONE;
                    } else if (value >= 0) {
                        return start + 1;
                    }
                    at = endOfString(message, at, length);
                }
                default -> {
                    // Of no interest.
                }
            }
        }
        return start + 1;
    }

    private static boolean isEmptyText(byte[] message, int at, int length) {
        return at + 1 < length && message[at + 1] == '"';
    }

    /** Whether the object that was opened before {@code from} ends there. */
    static boolean isEmpty(byte[] message, int from, int length) {
        int next = CdpScan.skipBlanks(message, from, length);
        return next < length && message[next] == '}';
    }

    /** Where the value of the field begins whose name begins at {@code at}; {@link #NONE} where that is no name, or another. */
    private static int value(byte[] message, int at, int length) {
        if (at + NAME.length > length || message[at + 1] != 's') {
            return NONE;
        }
        for (int i = 2; i < NAME.length; i++) {
            if (message[at + i] != NAME[i]) {
                return NONE;
            }
        }
        int next = CdpScan.skipBlanks(message, at + NAME.length, length);
        if (next == length || message[next] != ':') {
            return next < length && message[next] == '/' ? next : NONE;
        }
        int value = CdpScan.skipBlanks(message, next + 1, length);
        return value < length ? value : NONE;
    }

    private static int endOfString(byte[] message, int quote, int length) {
        int at = quote + 1;
        while (at < length && message[at] != '"') {
            at += message[at] == '\\' ? 2 : 1;
        }
        return at;
    }
}
