package dev.berth.http;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * Looks quickly over a client's message whether it may name a method that somebody must know of. Never says no where the
 * answer is yes; where the message is written in an unusual way, it says yes.
 */
final class CdpScan {
    private static final byte[] METHOD = "\"method\"".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_METHOD_BYTES = 100;

    private final Predicate<String> watched;

    CdpScan(Predicate<String> watched) {
        this.watched = watched;
    }

    /** Whether the message must be parsed. */
    boolean matters(byte[] message, int length) {
        if (length == 0 || message[skipBlanks(message, 0, length) % length] != '{') {
            return true;
        }
        for (int at = 0; at < length; at++) {
            byte c = message[at];
            if (c == '\\' && at + 1 < length && message[at + 1] == 'u') {
                return true;
            }
            if (c == '"' && isMethod(message, at, length) && valueMatters(message, at + METHOD.length, length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMethod(byte[] message, int at, int length) {
        if (at + METHOD.length > length || message[at + 1] != 'm') {
            return false;
        }
        for (int i = 2; i < METHOD.length; i++) {
            if (message[at + i] != METHOD[i]) {
                return false;
            }
        }
        return true;
    }

    /** Chrome's parser knows comments: they are unusual. */
    private boolean valueMatters(byte[] message, int from, int length) {
        int colon = skipBlanks(message, from, length);
        if (colon == length || message[colon] != ':') {
            return colon < length && message[colon] == '/';
        }
        int quote = skipBlanks(message, colon + 1, length);
        if (quote == length || message[quote] != '"') {
            return quote < length && message[quote] == '/';
        }
        int end = quote + 1;
        while (end < length && message[end] != '"') {
            end++;
        }
        return end - quote <= MAX_METHOD_BYTES
                && watched.test(new String(message, quote + 1, end - quote - 1, StandardCharsets.ISO_8859_1));
    }

    /** Where the next character that is no blank is; {@code length} where there is none. */
    static int skipBlanks(byte[] message, int from, int length) {
        int at = from;
        while (at < length && message[at] >= 0 && message[at] <= ' ') {
            at++;
        }
        return at;
    }
}
