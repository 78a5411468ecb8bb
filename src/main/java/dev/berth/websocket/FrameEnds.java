package dev.berth.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Says where a frame may be added to those of another server, which are passed on as bytes: after a whole frame, and before a close
 * frame. Reads their headers alone (RFC 6455, 5.2); frames of a server have no mask.
 */
public final class FrameEnds {
    private static final int OPCODE = 0x0f;
    private static final int SIZE = 0x7f;
    private static final int SHORT_FOLLOWS = 126;
    private static final int LONG_FOLLOWS = 127;

    private final byte[] header = new byte[2 + Long.BYTES];
    private int headerLength;
    private long payloadLeft;
    private boolean closed;

    /** Takes note of bytes that are passed on; leaves their reader index. */
    public void passed(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            int skipped = (int) Math.min(payloadLeft, bytes.writerIndex() - at);
            payloadLeft -= skipped;
            at += skipped;
            if (at < bytes.writerIndex()) {
                header[headerLength++] = bytes.getByte(at++);
                header();
            }
        }
    }

    private void header() {
        int size = headerLength < 2 ? LONG_FOLLOWS : header[1] & SIZE;
        int sizeBytes = size == LONG_FOLLOWS ? Long.BYTES : size == SHORT_FOLLOWS ? Short.BYTES : 0;
        if (headerLength < 2 + sizeBytes) {
            return;
        }
        payloadLeft = sizeBytes == 0 ? size : 0;
        for (int i = 2; i < headerLength; i++) {
            payloadLeft = payloadLeft << 8 | header[i] & 0xff;
        }
        // No frame is so long: nothing may be added any more.
        payloadLeft = payloadLeft < 0 ? Long.MAX_VALUE : payloadLeft;
        closed |= (header[0] & OPCODE) == FrameWriter.CLOSE;
        headerLength = 0;
    }

    public boolean mayAdd() {
        return headerLength == 0 && payloadLeft == 0 && !closed;
    }
}
