package dev.berth.websocket;

import io.vertx.core.buffer.Buffer;

/**
 * Cuts WebSocket frames where the chunks end in which they come, so that another frame can stand there at any time: one that is
 * begun is as long as it said, though Chrome may die within it. What comes whole passes as it is.
 */
public final class FrameCutter {
    private final FrameHeader header = new FrameHeader();
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
            FrameHeader.append(out, left == 0 && lastOfMessage ? FrameHeader.LAST : FrameHeader.CONTINUATION, part);
            out.appendBuffer(in, 0, part);
        }
        return part;
    }

    private int wholeFrames(Buffer in, int from) {
        int at = from;
        while (true) {
            int payload = readHeader(in, at);
            if (!header.isComplete() || header.payloadBytes() > in.length() - payload) {
                return at;
            }
            at = payload + (int) header.payloadBytes();
        }
    }

    private int readHeader(Buffer in, int at) {
        header.reset();
        return header.read(in, at);
    }

    private void begin(Buffer in, int at, Buffer out) {
        int payload = readHeader(in, at);
        int part = in.length() - payload;
        if (!header.isComplete() || part < FrameHeader.MAX_BYTES || header.isControl()) {
            held = in.getBuffer(at, in.length());
            return;
        }
        left = header.payloadBytes() - part;
        lastOfMessage = header.isLast();
        FrameHeader.append(out, header.firstOfMore(), part);
        out.appendBuffer(in, payload, part);
    }
}
