package dev.berth.relay.command;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a text that is not long; nothing where it is. */
final class ShortText {
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
