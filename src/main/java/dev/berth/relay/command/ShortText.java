package dev.berth.relay.command;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a short text; empty where it is too long. */
final class ShortText {
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

    @Override
    public String toString() {
        return length > bytes.length ? "" : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
