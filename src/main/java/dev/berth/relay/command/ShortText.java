package dev.berth.relay.command;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a short text; empty where it is too long. */
final class ShortText {
    private static final int MAX_DIGITS = 9;

    final byte[] bytes;
    int length;

    ShortText(int maxBytes) {
        bytes = new byte[maxBytes];
    }

    /** Appends bytes; false where they do not fit. */
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

    /** The number that its digits make; -1 where it has others, none, or more than nine. */
    long digits() {
        if (length == 0 || length > MAX_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    @Override
    public String toString() {
        return length > bytes.length ? "" : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
