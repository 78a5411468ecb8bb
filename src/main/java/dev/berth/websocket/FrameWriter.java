package dev.berth.websocket;

import dev.berth.protocol.Truncation;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Builds WebSocket frames. */
public final class FrameWriter {
    private static final int MAX_REASON_BYTES = 123;

    private FrameWriter() {}

    public static Buffer text(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return append(
                Buffer.buffer(payload.length + FrameHeader.MAX_BYTES), FrameHeader.LAST | FrameHeader.TEXT, payload);
    }

    /** The header of a binary message. Its payload is to be written next. */
    public static Buffer binaryHeader(int payloadBytes) {
        Buffer header = Buffer.buffer(FrameHeader.MAX_BYTES);
        FrameHeader.append(header, FrameHeader.LAST | FrameHeader.BINARY, payloadBytes);
        return header;
    }

    public static Buffer ping() {
        return control(FrameHeader.PING, new byte[0]);
    }

    public static Buffer pong(byte[] payload) {
        return control(FrameHeader.PONG, payload);
    }

    public static Buffer close(CloseReason reason) {
        byte[] text = brief(reason.text());
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (reason.code() >> 8);
        payload[1] = (byte) reason.code();
        System.arraycopy(text, 0, payload, 2, text.length);
        return control(FrameHeader.CLOSE, payload);
    }

    /** The answer to a close frame: it repeats the payload. */
    public static Buffer close(byte[] payload) {
        return control(FrameHeader.CLOSE, payload);
    }

    private static Buffer control(int opcode, byte[] payload) {
        return append(Buffer.buffer(payload.length + 2), FrameHeader.LAST | opcode, payload);
    }

    /** Appends a fragment of a text message for a client. */
    public static void appendFragment(Buffer to, boolean first, boolean last, byte[] payload, int from, int end) {
        int opcode = first ? FrameHeader.TEXT : FrameHeader.CONTINUATION;
        FrameHeader.append(to, last ? FrameHeader.LAST | opcode : opcode, end - from);
        to.appendBytes(payload, from, end - from);
    }

    private static Buffer append(Buffer to, int first, byte[] payload) {
        FrameHeader.append(to, first, payload.length);
        return to.appendBytes(payload);
    }

    /** Cut to what a close frame can hold, at a character boundary. */
    static byte[] brief(String reason) {
        return Truncation.cutBytes(reason, MAX_REASON_BYTES).getBytes(StandardCharsets.UTF_8);
    }
}
