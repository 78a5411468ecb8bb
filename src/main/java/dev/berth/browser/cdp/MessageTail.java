package dev.berth.browser.cdp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The end of a message of a session: {@code ,"sessionId":"…"}}. Chrome writes the session last, and no page can write an end like
 * it: a quote within a text is escaped, and a value within a value has one more brace behind it.
 *
 * @param from where it begins; negative where it is a message of no session
 */
record MessageTail(int from, String sessionId) {
    private static final byte[] START = ",\"sessionId\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_ID_BYTES = 100;
    static final MessageTail NONE = new MessageTail(-1, "");

    static MessageTail of(byte[] bytes, int from, int to) {
        int end = to - 2;
        if (end - from < START.length || bytes[to - 1] != '}' || bytes[end] != '"') {
            return NONE;
        }
        int first = Math.max(from + START.length, end - MAX_ID_BYTES);
        int id = end;
        while (id > first && bytes[id - 1] != '"') {
            id--;
        }
        int start = id - START.length;
        return Arrays.equals(bytes, start, id, START, 0, START.length)
                ? new MessageTail(start, new String(bytes, id, end - id, StandardCharsets.ISO_8859_1))
                : NONE;
    }

    boolean isNone() {
        return from < 0;
    }
}
