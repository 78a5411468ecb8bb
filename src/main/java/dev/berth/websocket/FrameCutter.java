package dev.berth.websocket;

import io.vertx.core.buffer.Buffer;

/**
 * Cuts WebSocket frames where the chunks end in which they come, so that another frame can stand there at any time: one that is
 * begun is as long as it said, though Chrome may die within it. What comes whole passes as it is.
 */
public final class FrameCutter {
    private static final int LAST = 0x80;
    private static final int CONTROL = 0x08;
    private static final int MAX_HEADER_BYTES = 14;

    /** The beginning of a frame, with too little of it to be passed on. */
    private Buffer held = Buffer.buffer();
    /** What is still to come of a frame that was cut. */
    private long left;

    private boolean lastOfMessage;

    public Buffer cut(Buffer chunk) {
        Buffer in = held.length() == 0 ? chunk : held.appendBuffer(chunk);
        held = Buffer.buffer();
        Buffer out = Buffer.buffer();
        int start = left > 0 ? goOn(in, out) : 0;
        int end = wholeFrames(in, start);
        if (end == in.length() && start == 0) {
            return in;
        }
        out.appendBuffer(in, start, end - start);
        if (end < in.length()) {
            begin(in, end, out);
        }
        return out;
    }

    private int goOn(Buffer in, Buffer out) {
        int part = (int) Math.min(left, in.length());
        if (part > 0) {
            left -= part;
            Frames.appendHead(out, left == 0 && lastOfMessage ? LAST : 0, part);
            out.appendBuffer(in, 0, part);
        }
        return part;
    }

    private static int wholeFrames(Buffer in, int from) {
        int at = from;
        while (true) {
            int header = headerLength(in, at);
            long end = header == 0 ? Long.MAX_VALUE : at + header + payload(in, at);
            if (end > in.length()) {
                return at;
            }
            at = (int) end;
        }
    }

    /** 0 where it is not whole. */
    private static int headerLength(Buffer in, int at) {
        if (in.length() - at < 2) {
            return 0;
        }
        int size = in.getByte(at + 1) & 0x7f;
        int length = size == 127 ? 10 : size == 126 ? 4 : 2;
        return in.length() - at < length ? 0 : length;
    }

    /** Chrome's frames are not masked. */
    private static long payload(Buffer in, int at) {
        int size = in.getByte(at + 1) & 0x7f;
        return size == 127 ? in.getLong(at + 2) : size == 126 ? in.getUnsignedShort(at + 2) : size;
    }

    private void begin(Buffer in, int at, Buffer out) {
        int header = headerLength(in, at);
        int first = in.getByte(at) & 0xff;
        int part = in.length() - at - header;
        if (header == 0 || part < MAX_HEADER_BYTES || (first & CONTROL) != 0) {
            held = in.getBuffer(at, in.length());
            return;
        }
        left = payload(in, at) - part;
        lastOfMessage = (first & LAST) != 0;
        Frames.appendHead(out, first & ~LAST, part);
        out.appendBuffer(in, at + header, part);
    }
}
