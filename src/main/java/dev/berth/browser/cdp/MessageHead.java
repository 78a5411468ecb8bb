package dev.berth.browser.cdp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/** How a message of Chrome's begins: an answer with its command's id, an event with its method. */
public final class MessageHead {
    private static final byte[] ID = ascii("{\"id\":");
    private static final byte[] METHOD = ascii("{\"method\":\"");
    private static final int MAX_DIGITS = 10;

    private MessageHead() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public static boolean startsWith(byte[] message, int from, int to, byte[] start) {
        return to - from >= start.length && Arrays.equals(message, from, from + start.length, start, 0, start.length);
    }

    /** The id of the command that a message answers; empty for an event. */
    public static OptionalLong id(byte[] message, int from, int to) {
        if (!startsWith(message, from, to, ID)) {
            return OptionalLong.empty();
        }
        int at = from + ID.length;
        boolean negative = at < to && message[at] == '-';
        int first = negative ? at + 1 : at;
        long id = 0;
        for (at = first; at < Math.min(to, first + MAX_DIGITS) && message[at] >= '0' && message[at] <= '9'; at++) {
            id = id * 10 + message[at] - '0';
        }
        return at == first ? OptionalLong.empty() : OptionalLong.of(negative ? -id : id);
    }

    /** The method of an event; empty for an answer. */
    static String method(byte[] message, int from, int to) {
        if (!startsWith(message, from, to, METHOD)) {
            return "";
        }
        int at = from + METHOD.length;
        while (at < to && message[at] != '"') {
            at++;
        }
        return new String(message, from + METHOD.length, at - from - METHOD.length, StandardCharsets.ISO_8859_1);
    }
}
