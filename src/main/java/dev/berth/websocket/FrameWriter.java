package dev.berth.websocket;

import dev.berth.protocol.Truncation;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Builds frames: the server's own, and those of the server as a client of another one on the same machine. */
public final class FrameWriter {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int LAST = 0x80;
    static final int SHORT_FOLLOWS = 126;
    static final int LONG_FOLLOWS = 127;
    private static final int MAX_HEADER_BYTES = 10;
    private static final int MAX_REASON_BYTES = 123;

    private FrameWriter() {}

    public static Buffer text(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        Buffer frame = Buffer.buffer(payload.length + MAX_HEADER_BYTES);
        appendFragment(frame, true, true, payload, 0, payload.length);
        return frame;
    }

    /** The header of a binary message. Its payload is to be written next. */
    public static Buffer binaryHeader(int payloadBytes) {
        return header(Buffer.buffer(MAX_HEADER_BYTES), LAST | BINARY, payloadBytes);
    }

    public static Buffer ping() {
        return control(PING, new byte[0]);
    }

    public static Buffer pong(byte[] payload) {
        return control(PONG, payload);
    }

    /** A reason that is too long for a close frame is cut at a character boundary. */
    public static Buffer close(CloseReason reason) {
        byte[] text = Truncation.cutBytes(reason.text(), MAX_REASON_BYTES).getBytes(StandardCharsets.UTF_8);
        return header(Buffer.buffer(), LAST | CLOSE, 2 + text.length)
                .appendShort((short) reason.code())
                .appendBytes(text);
    }

    /** The answer to a close frame: it repeats the payload. */
    public static Buffer close(byte[] payload) {
        return control(CLOSE, payload);
    }

    private static Buffer control(int opcode, byte[] payload) {
        return header(Buffer.buffer(), LAST | opcode, payload.length).appendBytes(payload);
    }

    public static void appendFragment(Buffer to, boolean first, boolean last, byte[] payload, int from, int end) {
        int opcode = first ? TEXT : CONTINUATION;
        header(to, last ? LAST | opcode : opcode, end - from).appendBytes(payload, from, end - from);
    }

    /** The mask is none: it hides bytes from proxies that are between, of which there is none. */
    public static void appendClientsFragment(
            Buffer to, boolean first, boolean last, byte[] payload, int from, int end) {
        int at = to.length();
        header(to, (last ? LAST : 0) | (first ? TEXT : CONTINUATION), end - from);
        to.setByte(at + 1, (byte) (to.getByte(at + 1) | FrameReader.MASKED));
        to.appendInt(0).appendBytes(payload, from, end - from);
    }

    private static Buffer header(Buffer to, int first, int payloadBytes) {
        to.appendByte((byte) first);
        if (payloadBytes < SHORT_FOLLOWS) {
            return to.appendByte((byte) payloadBytes);
        } else if (payloadBytes < 1 << 16) {
            return to.appendByte((byte) SHORT_FOLLOWS).appendShort((short) payloadBytes);
        }
        return to.appendByte((byte) LONG_FOLLOWS).appendLong(payloadBytes);
    }
}
