package dev.berth.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** WebSocket frames of our own. */
final class Frames {
    private static final int LAST = 0x80;
    private static final int MASKED = 0x80;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int MAX_REASON_BYTES = 123;

    private Frames() {}

    static Buffer text(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return append(Buffer.buffer(payload.length + 10), TEXT, 0, payload, payload.length);
    }

    static Buffer ping() {
        return control(PING, new byte[0]);
    }

    static Buffer pong(byte[] payload) {
        return control(PONG, payload);
    }

    static Buffer close(CloseReason reason) {
        byte[] text = brief(reason.text());
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (reason.code() >> 8);
        payload[1] = (byte) reason.code();
        System.arraycopy(text, 0, payload, 2, text.length);
        return control(CLOSE, payload);
    }

    /** The answer to a close: the same again. */
    static Buffer close(byte[] payload) {
        return control(CLOSE, payload);
    }

    private static Buffer control(int opcode, byte[] payload) {
        return append(Buffer.buffer(payload.length + 2), opcode, 0, payload, payload.length);
    }

    /**
     * Appends a text message for Chrome. What a client sends must be masked; this mask is zero, which leaves the text as it
     * is: on loopback, no proxy on the way can be misled.
     */
    static void appendForChrome(Buffer to, byte[] text, int length) {
        append(to, TEXT, MASKED, text, length);
    }

    private static Buffer append(Buffer to, int opcode, int masked, byte[] payload, int length) {
        to.appendByte((byte) (LAST | opcode));
        if (length < 126) {
            to.appendByte((byte) (masked | length));
        } else if (length < 1 << 16) {
            to.appendByte((byte) (masked | 126)).appendShort((short) length);
        } else {
            to.appendByte((byte) (masked | 127)).appendLong(length);
        }
        if (masked != 0) {
            to.appendInt(0);
        }
        return to.appendBytes(payload, 0, length);
    }

    /** No more bytes than a close frame can hold, and no half character at their end. */
    static byte[] brief(String reason) {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MAX_REASON_BYTES);
        while (length < bytes.length && (bytes[length] & 0xc0) == 0x80) {
            length--;
        }
        return Arrays.copyOf(bytes, length);
    }
}
